import type { NodeAPI, NodeMessage } from 'node-red';
import { JobKeys, OptionsError, type NewJob } from '../../src/index.ts';
import { sharedBy } from '../config-node.ts';
import type { QueueConfig } from '../fp-queue-config/fp-queue-config.ts';
import { onInput } from '../input.ts';
import { registerNode, type Opening } from '../register-node.ts';
import { openSettlement } from '../settlement/settlement.ts';
import { connectionStatus, switchedOff } from '../status.ts';
import { newJob } from './new-job.ts';
import { rules } from './properties.ts';

export default function register(RED: NodeAPI): void {
  registerNode(RED, { type: 'fp-enqueue', rules, open });
}

function open({ RED, node, properties, status, onClose }: Opening<typeof rules>): void {
  const config = sharedBy<QueueConfig>(RED, properties.queue, 'queue');
  if (!config.enabled) {
    status.show(switchedOff);
    onInput(node, () => Promise.reject(new OptionsError(['the queue is switched off: see its dialog'])));
    return;
  }
  const settlement = openSettlement(RED, node);
  onClose(() => settlement.close());
  let stored = 0;

  const { producer, release } = config.use((connection) => {
    status.show(connectionStatus(connection));
  });
  onClose(release);

  /** A QoS 2 message makes one job only, also when it comes again. */
  const onceOnly = (msg: NodeMessage): Pick<NewJob, 'once'> => {
    const keys = settlement.contextOf(msg);
    if (!(keys instanceof JobKeys)) return {};
    const key = keys.next(node.id);
    keys.stored(() => producer.forget(key));
    return { once: { key, dup: keys.dup } };
  };

  onInput(node, async (msg, send) => {
    const { deduplicated, ...job } = await producer.add({
      ...newJob(RED, msg, properties),
      ...onceOnly(msg),
    });
    stored += 1;
    status.show({ fill: 'green', shape: 'dot', text: `${stored} enqueued` });
    send({ ...msg, job: deduplicated ? { ...job, deduplicated } : job });
  });
}
