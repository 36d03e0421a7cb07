import type { NodeAPI } from 'node-red';
import type { Connection, QueueWorker } from '../../src/index.ts';
import { sharedBy } from '../config-node.ts';
import type { QueueConfig, QueueUse } from '../fp-queue-config/fp-queue-config.ts';
import type { Properties } from '../properties.ts';
import { registerNode, type Opening } from '../register-node.ts';
import { openSettlement } from '../settlement/settlement.ts';
import { progressText, switchedOff } from '../status.ts';
import { whenStarted, type WhenStarted } from '../when-started.ts';
import { rules } from './properties.ts';
import { jobMessage, RunningJobs } from './running-jobs.ts';
import { workerStatus } from './worker-status.ts';

export default function register(RED: NodeAPI): void {
  const started = whenStarted(RED);
  registerNode(RED, { type: 'fp-worker', rules, open: (opening) => open(opening, started) });
}

/** Milliseconds that running jobs have to end when the node stops; Node-RED itself waits 15 s. */
const GRACE = 10_000;

function open(opening: Opening<typeof rules>, started: WhenStarted): void {
  const { RED, node, properties, status, onClose } = opening;
  const config = sharedBy<QueueConfig>(RED, properties.queue, 'queue');
  if (!config.enabled) {
    status.show(switchedOff);
    return;
  }
  const settlement = openSettlement(RED, node);
  onClose(() => settlement.close());
  const ended = { completed: 0, deadLetters: 0 };
  let connection: Connection = { state: 'connecting' };
  const show = (progress?: string) =>
    status.show(workerStatus(connection, { running: jobs.count, ...ended }, progress));
  const leaveCaughtErrors = properties.errors === 'unhandled';
  const jobs = new RunningJobs({ node, settlement, leaveCaughtErrors, onChange: () => show() });
  const { openWorker, release } = config.use((changed) => {
    connection = changed;
    show();
  });
  onClose(release);
  const options: Parameters<QueueUse['openWorker']>[0] = {
    ...limits(properties),
    run: (job, attempt) => jobs.run(job, attempt),
    describe: (job) => jobs.holders(job),
    onProgress: (job, progress) => show(`${job.name} ${progressText(progress)}`),
    onCompleted(job, result) {
      ended.completed += 1;
      show();
      node.send([null, jobMessage(result === null ? job : { ...job, result }), null]);
    },
    onDeadLetter(job, { name, message, stack }) {
      ended.deadLetters += 1;
      show();
      node.send([null, null, { ...jobMessage(job), error: { name, message, stack } }]);
    },
  };
  let worker: QueueWorker | undefined;
  onClose(started(() => (worker ??= openWorker(options))));
  onClose(() => worker?.stop(GRACE));
}

function limits({ concurrency, timeout, limit_max: max, limit_duration }: Properties<typeof rules>) {
  const limiter = { max, duration: limit_duration * 1000 };
  return { concurrency, timeout: timeout * 1000, ...(max > 0 && { limiter }) };
}
