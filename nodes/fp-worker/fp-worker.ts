import type { NodeAPI, NodeMessage } from 'node-red';
import type { Attempt, Connection, Delivery, TakenJob } from '../../src/index.ts';
import { sharedBy } from '../config-node.ts';
import type { QueueConfig } from '../fp-queue-config/fp-queue-config.ts';
import { registerNode, type Opening } from '../register-node.ts';
import { openSettlement } from '../settlement/settlement.ts';
import { progressText, switchedOff } from '../status.ts';
import { rules } from './properties.ts';
import { workerStatus } from './worker-status.ts';

export default function register(RED: NodeAPI): void {
  registerNode(RED, { type: 'fp-worker', rules, open });
}

/** Milliseconds that running jobs have to end when the node stops; Node-RED itself waits 15 s. */
const GRACE = 10_000;

function open({ RED, node, properties, status, onClose }: Opening<typeof rules>): void {
  const config = sharedBy<QueueConfig>(RED, properties.queue, 'queue');
  if (!config.enabled) {
    status.show(switchedOff);
    return;
  }
  const leaveCaughtErrors = properties.errors === 'unhandled';
  const settlement = openSettlement(RED, node);
  onClose(() => settlement.close());
  const deliveries = new Map<string, Delivery>();
  const counts = { running: 0, completed: 0, deadLetters: 0 };
  let connection: Connection = { state: 'connecting' };
  const show = (progress?: string) => status.show(workerStatus(connection, counts, progress));
  const { openWorker, release } = config.use((changed) => {
    connection = changed;
    show();
  });
  onClose(release);

  const run = async (job: TakenJob, attempt: Attempt) => {
    const { signal } = attempt;
    const send = (msg: NodeMessage) => node.send([msg, null, null]);
    const delivery = settlement.deliver(flowMessage(job), send, { leaveCaughtErrors, context: attempt });
    signal.addEventListener('abort', () => delivery.abandon(signal.reason as Error), { once: true });
    deliveries.set(job.id, delivery);
    counts.running = deliveries.size;
    show();
    await delivery.settled.finally(() => {
      deliveries.delete(job.id);
      counts.running = deliveries.size;
      show();
    });
    return attempt.result;
  };
  const worker = openWorker({
    concurrency: properties.concurrency,
    timeout: properties.timeout * 1000,
    ...(properties.limit_max > 0 && {
      limiter: { max: properties.limit_max, duration: properties.limit_duration * 1000 },
    }),
    run,
    describe: (job) => deliveries.get(job.id)?.holders() ?? [],
    onProgress: (job, progress) => show(`${job.name} ${progressText(progress)}`),
    onCompleted(job, result) {
      counts.completed += 1;
      show();
      node.send([null, flowMessage(result === null ? job : { ...job, result }), null]);
    },
    onDeadLetter(job, { name, message, stack }) {
      counts.deadLetters += 1;
      show();
      node.send([null, null, { ...flowMessage(job), error: { name, message, stack } }]);
    },
  });
  onClose(() => worker.stop(GRACE));
}

/** The stored message, and what job it belongs to. */
function flowMessage({ msg, ...job }: TakenJob & { result?: unknown }): NodeMessage {
  return { ...msg, pipeline: job.name, job };
}
