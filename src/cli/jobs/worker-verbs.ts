import { readFileSync } from 'node:fs';
import { validConfig, valuesIn } from '../../config/config-file.ts';
import { whoRuns } from '../../queue/open-queue.ts';
import type { WorkerInfo } from '../../queue/inspect/list-workers.ts';
import { machineName } from '../../queue/store/worker-name.ts';
import { DONE, FAILED, json, UsageError, DEFAULT_FILE, type Call, type Verb } from '../verb.ts';
import { queueOptions, userDirOf, withQueue } from './open-queue.ts';
import { keepWorkers, startDetached } from './keep-workers.ts';
import { workersText } from './texts.ts';

const MOST_WORKERS = 100;

const status: Verb = {
  words: 'jobs worker status',
  operands: '',
  about: 'the workers: machine, process, since when, what they run',
  options: { ...queueOptions, json },
  async run(call) {
    const workers = await withQueue(call, ({ inspector }) => inspector.workers());
    call.print(call.options['json'] ? `${JSON.stringify(workers, undefined, 2)}\n` : workersText(workers));
    return DONE;
  },
};

const start: Verb = {
  words: 'jobs worker start',
  operands: '',
  about: 'start worker processes, and stay: what dies is started again (Redis, PostgreSQL)',
  options: {
    ...queueOptions,
    count: { type: 'string', value: 'N', about: `how many processes, 1 to ${MOST_WORKERS} (default: 1)` },
    detach: { type: 'boolean', about: 'leave them running, and come back' },
  },
  async run(call) {
    const file = String(call.options['config'] ?? DEFAULT_FILE);
    const count = countOf(call);
    const { store, workers, queue_name } = valuesIn.job_queue(await validConfig(file));
    if (workers === 'python') throw new UsageError(whoRuns(queue_name));
    if (store === 'embedded') {
      throw new UsageError('an embedded store has one process: fp-mqtt run, or Node-RED, runs its jobs');
    }
    const place = { file, userDir: userDirOf(call) };
    if (!call.options['detach']) return keepWorkers(call, place, count);
    call.print(`process ${startDetached(place, count)} keeps ${count} workers running\n`);
    return DONE;
  },
};

const stop: Verb = {
  words: 'jobs worker stop',
  operands: '',
  about: "end this machine's fp-mqtt workers of the queue; what they run has 10 s to end",
  options: { ...queueOptions, json },
  async run(call) {
    const workers = await withQueue(call, ({ inspector }) => inspector.workers());
    const pids = [...new Set(workers.filter(isOurs).map((worker) => worker.process ?? 0))];
    const stopped = pids.filter(end);
    call.print(
      call.options['json']
        ? `${JSON.stringify({ stopped }, undefined, 2)}\n`
        : `${stopped.length} workers are told to stop\n`,
    );
    if (stopped.length === pids.length) return DONE;
    const others = pids.filter((pid) => !stopped.includes(pid));
    call.warn(`not stopped, stop them yourself: process ${others.join(', ')}\n`);
    return FAILED;
  },
};

export const workerVerbs: Verb[] = [status, start, stop];

function countOf({ options: { count = '1' } }: Call): number {
  const value = Number(count);
  if (Number.isInteger(value) && value >= 1 && value <= MOST_WORKERS) return value;
  throw new UsageError(`--count must be a whole number from 1 to ${MOST_WORKERS}, found ${count}`);
}

/** Node-RED's own workers stop with Node-RED. */
function isOurs({ machine, isCommand }: WorkerInfo): boolean {
  return isCommand === true && machine === machineName();
}

/** Whether the process was told to end; in a container the same number may be another process. */
function end(pid: number): boolean {
  try {
    if (process.platform === 'linux' && !readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('fp-mqtt')) {
      return false;
    }
    return process.kill(pid, 'SIGTERM');
  } catch {
    return false;
  }
}
