import type { NodeAPI, NodeMessage } from 'node-red';
import { oneAtATime, OptionsError, type NewJob } from '../../src/index.ts';
import { sharedBy } from '../config-node.ts';
import type { QueueConfig } from '../fp-queue-config/fp-queue-config.ts';
import { registerNode, type Opening, onInput } from '../register-node.ts';
import { openSettlement, type Settlement } from '../settlement/settlement.ts';
import { switchedOff } from '../status.ts';
import { AwaitedResults } from './awaited-results.ts';
import { EnqueueStatus } from './enqueue-status.ts';
import { jobFromMessage } from './job-from-message.ts';
import { rules } from './properties.ts';

/** Index of the output for messages of a queue that is switched off. */
const RUN_NOW = 1;

export default function register(RED: NodeAPI): void {
  registerNode(RED, { type: 'fp-enqueue', rules, open });
}

function open(opening: Opening<typeof rules>): void {
  const { RED, node, properties, onClose } = opening;
  const config = sharedBy<QueueConfig>(RED, properties.queue, 'queue');
  const settlement = openSettlement(RED, node);
  onClose(() => settlement.close());
  if (config.enabled) enqueue(opening, config, settlement);
  else runNow(opening, settlement);
}

/** For a queue that is switched off: sends each message to the second output when the previous one has settled. */
function runNow({ node, status }: Opening<typeof rules>, settlement: Settlement): void {
  const inOrder = oneAtATime();
  status.show(switchedOff);
  node.on('input', (msg, _send, done) => {
    const unconnected = settlement.whyUnconnected(RUN_NOW);
    if (unconnected === undefined) {
      const run = () =>
        settlement.deliverWithin({ ...msg, executionMode: 'sync' }, (sent) => node.send([null, sent]))
          .settled;
      inOrder(run).then(() => done(), done);
      return;
    }
    const reason = `the queue is switched off: ${unconnected}`;
    status.show({ fill: 'yellow', shape: 'ring', text: unconnected });
    if (!settlement.block(msg, reason)) done(new OptionsError([reason]));
  });
}

function enqueue(
  { RED, node, properties, status, onClose }: Opening<typeof rules>,
  config: QueueConfig,
  settlement: Settlement,
): void {
  const shown = new EnqueueStatus(status);
  const { producer, waitForEnd, release } = config.use((connection) => shown.update({ connection }));
  onClose(release);
  onClose(config.watch((sample) => shown.update({ sample })));
  const results = new AwaitedResults(
    node,
    (id) => waitForEnd(id, properties.wait_timeout * 1000),
    (awaited) => shown.update({ awaited }),
  );
  onClose(() => results.close());

  /** Prevents a second job for a QoS 2 message that is sent again, and continues its trace. */
  const ofMessage = (msg: NodeMessage): Pick<NewJob, 'once' | 'trace'> => {
    const { jobKeys, trace } = settlement.contextOf(msg);
    const once = jobKeys && { once: jobKeys.next(node.id, (key) => producer.forget(key)) };
    return { ...once, trace };
  };

  onInput(node, async (msg, send) => {
    const { deduplicated, ...job } = await producer.add({
      ...jobFromMessage(RED, msg, properties),
      ...ofMessage(msg),
    });
    shown.stored();
    const answer = { ...msg, job: deduplicated ? { ...job, deduplicated } : job };
    if (properties.wait) results.await(answer);
    else send(answer);
  });
}
