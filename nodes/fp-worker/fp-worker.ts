import type { NodeAPI, NodeMessage } from 'node-red';
import type { Attempt, Delivery, TakenJob } from '../../src/index.ts';
import { sharedBy } from '../config-node.ts';
import type { QueueConfig } from '../fp-queue-config/fp-queue-config.ts';
import { registerNode, type Opening } from '../register-node.ts';
import { openSettlement } from '../settlement/settlement.ts';
import { connectionStatus, counted, progressText } from '../status.ts';
import { rules } from './properties.ts';

export default function register(RED: NodeAPI): void {
  registerNode(RED, { type: 'fp-worker', rules, open });
}

/** Milliseconds that running jobs have to end when the node stops; Node-RED itself waits 15 s. */
const GRACE = 10_000;

function open({ RED, node, properties, status, onClose }: Opening<typeof rules>): void {
  const config = sharedBy<QueueConfig>(RED, properties.queue, 'queue');
  const leaveCaughtErrors = properties.errors === 'unhandled';
  const settlement = openSettlement(RED, node);
  onClose(() => settlement.close());
  const deliveries = new Map<string, Delivery>();
  let completed = 0;
  let deadLetters = 0;
  let isConnected = false;

  const show = (progress?: string) => {
    if (!isConnected) return;
    const isRunning = deliveries.size > 0;
    const parts = [isRunning ? `${deliveries.size} running` : 'ready'];
    if (progress !== undefined) parts.push(progress);
    if (completed > 0) parts.push(`${completed} completed`);
    if (deadLetters > 0) parts.push(counted(deadLetters, 'dead letter'));
    status.show({ fill: isRunning ? 'blue' : 'green', shape: 'dot', text: parts.join(', ') });
  };
  const { openWorker, release } = config.use((connection) => {
    isConnected = connection.state === 'connected';
    if (isConnected) show();
    else status.show(connectionStatus(connection));
  });
  onClose(release);

  const run = async (job: TakenJob, attempt: Attempt) => {
    const { signal } = attempt;
    const send = (msg: NodeMessage) => node.send([msg, null, null]);
    const delivery = settlement.deliver(flowMessage(job), send, { leaveCaughtErrors, context: attempt });
    signal.addEventListener('abort', () => delivery.abandon(signal.reason as Error), { once: true });
    deliveries.set(job.id, delivery);
    show();
    await delivery.settled.finally(() => {
      deliveries.delete(job.id);
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
      completed += 1;
      show();
      node.send([null, flowMessage(result === null ? job : { ...job, result }), null]);
    },
    onDeadLetter(job, { name, message, stack }) {
      deadLetters += 1;
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
