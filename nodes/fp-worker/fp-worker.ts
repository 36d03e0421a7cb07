import type { Node, NodeAPI } from 'node-red';
import { OptionsError, type QueueWorker } from '../../src/index.ts';
import { sharedBy } from '../config-node.ts';
import type { QueueConfig, QueueUse } from '../fp-queue-config/fp-queue-config.ts';
import type { Properties } from '../properties.ts';
import { registerNode, type Opening } from '../register-node.ts';
import { tracingOf } from '../settings.ts';
import { openSettlement } from '../settlement/settlement.ts';
import { progressText, switchedOff } from '../status.ts';
import { whenStarted, type WhenStarted } from '../when-started.ts';
import { tellWaiting } from '../tell-waiting.ts';
import { rules } from './properties.ts';
import { JOB, jobMessage, RunningJobs } from './running-jobs.ts';
import { WorkerStatus } from './worker-status.ts';

export default function register(RED: NodeAPI): void {
  const started = whenStarted(RED);
  registerNode(RED, { type: 'fp-worker', rules, open: (opening) => open(opening, started) });
}

/** Milliseconds between two looks at jobs that run for long. */
const LOOK_INTERVAL = 3000;
/** Milliseconds that running jobs have to end when the node stops; Node-RED itself waits 15 s. */
const GRACE = 10_000;

function open(opening: Opening<typeof rules>, started: WhenStarted): void {
  const { RED, node, properties, status, onClose } = opening;
  const config = sharedBy<QueueConfig>(RED, properties.queue, 'queue');
  if (config.noWorkers !== undefined) throw new OptionsError([config.noWorkers]);
  if (!config.enabled) {
    status.show(switchedOff);
    return;
  }
  const settlement = openSettlement(RED, node);
  onClose(() => settlement.close());
  const { timeout, ...bounds } = limits(properties);
  const jobs = new RunningJobs({
    node,
    settlement,
    leaveCaughtErrors: properties.errors === 'unhandled',
    tracing: tracingOf(RED),
    timeout,
    onChange: () => shown.update(),
  });
  const shown = new WorkerStatus(status, jobs, {
    concurrency: properties.concurrency,
    keepsDeadLetters: config.properties.keep_failed > 0,
    warn: (text) => node.warn(text),
  });
  const looking = setInterval(() => shown.update(), LOOK_INTERVAL);
  onClose(() => clearInterval(looking));
  const { openWorker, release } = config.use((connection) => shown.update({ connection }));
  onClose(release);
  onClose(config.watch((sample) => shown.update({ sample })));
  let worker: QueueWorker | undefined;
  let isPaused = false;
  onClose(
    config.workerPause.add((changed) => {
      isPaused = changed;
      if (isPaused) worker?.pause();
      else worker?.resume();
      shown.update({ isPaused });
    }),
  );
  const stop = async () => {
    const stopping = worker?.stop(GRACE);
    worker = undefined;
    await tellWaiting({ node, status }, () => jobs.allHolders(), stopping);
  };
  let told: string | undefined;
  const startOrStop = () => {
    const unconnected = settlement.whyUnconnected(JOB);
    jobs.restarted();
    if (unconnected !== undefined && unconnected !== told) node.warn(`takes no jobs: ${unconnected}`);
    told = unconnected;
    shown.update({ unconnected });
    if (unconnected !== undefined) void stop();
    else if (!worker) {
      worker = openWorker({ ...bounds, timeout, ...handlers(node, jobs, shown) });
      if (isPaused) worker.pause();
    }
  };
  started(opening, startOrStop);
  onClose(stop);
}

type Handlers = Omit<Parameters<QueueUse['openWorker']>[0], 'timeout' | 'concurrency' | 'limiter'>;

function handlers(node: Node, jobs: RunningJobs, shown: WorkerStatus): Handlers {
  return {
    run: (job, attempt) => jobs.run(job, attempt),
    describe: (job) => jobs.holders(job),
    onProgress: (job, progress) => shown.update({ progress: `${progressText(progress)} ${job.name}` }),
    onCompleted(job, result) {
      shown.completed();
      node.send([null, jobMessage(result === null ? job : { ...job, result }), null]);
    },
    onDeadLetter(job, { name, message, stack }) {
      shown.deadLetter();
      node.send([null, null, { ...jobMessage(job), error: { name, message, stack } }]);
    },
  };
}

function limits({ concurrency, timeout, limit_max: max, limit_duration }: Properties<typeof rules>) {
  const limiter = { max, duration: limit_duration * 1000 };
  return { concurrency, timeout: timeout * 1000, ...(max > 0 && { limiter }) };
}
