import { removeJob, retryJob } from '../../queue/inspect/change-job.ts';
import {
  removableStates,
  removeAll,
  retryAll,
  type RemovableState,
} from '../../queue/inspect/change-jobs.ts';
import { listJobs } from '../../queue/inspect/list-jobs.ts';
import { listWorkers } from '../../queue/inspect/list-workers.ts';
import { pauseQueue, resumeQueue } from '../../queue/inspect/pause-queue.ts';
import { readQueueState } from '../../queue/inspect/queue-state.ts';
import { readJob } from '../../queue/inspect/read-job.ts';
import { jobStates, type JobState } from '../../model.ts';
import { DONE, json, UsageError, type Call, type Verb } from '../verb.ts';
import { queueOptions, withQueue, type OpenQueue } from './open-queue.ts';
import { jobText, pageText, stateText, workersText } from './texts.ts';

const MOST_ROWS = 50;

const status: Verb = {
  ...verb('status', '', 'how many jobs are in each state, and how long the oldest waits'),
  run: (call) => shown(call, ({ store, name }) => readQueueState(store, name), stateText),
};

const list: Verb = {
  ...verb('list', '', 'the jobs of a state, newest first'),
  options: {
    ...queueOptions,
    state: { type: 'string', value: 'STATE', about: `${jobStates.join(', ')} (default: dead)` },
    limit: { type: 'string', value: 'N', about: `most jobs, 1 to 100 (default: ${MOST_ROWS})` },
    after: { type: 'string', value: 'CURSOR', about: 'go on where an earlier list ended' },
    oldest: { type: 'boolean', about: 'oldest first' },
    json,
  },
  async run(call) {
    const { state = 'dead', limit = MOST_ROWS, after, oldest } = call.options;
    const page = {
      state: state as JobState,
      limit: Number(limit),
      order: oldest ? ('oldest' as const) : ('newest' as const),
      cursor: after as string | undefined,
    };
    return shown(call, ({ store, name }) => listJobs(store, name, page), pageText);
  },
};

const show: Verb = {
  ...verb('show', 'ID', 'one job in full: message, result, error, log'),
  run(call) {
    const [id] = ids(call);
    return shown(call, ({ store, name }) => readJob(store, name, id), jobText);
  },
};

const retry: Verb = {
  ...verb('retry', 'ID... | --all', 'run dead letters again, with all their attempts'),
  options: { ...queueOptions, all: { type: 'boolean', about: 'all dead letters of the queue' }, json },
  run(call) {
    if (call.options['all']) {
      if (call.operands.length > 0) throw new UsageError('either IDs or --all');
      return changed(call, 'retried', ({ store, name }) => retryAll(store, name));
    }
    return changed(call, 'retried', each(call, retryJob));
  },
};

const remove: Verb = {
  ...verb('remove', 'ID...', 'remove jobs that do not run'),
  run: (call) => changed(call, 'removed', each(call, removeJob)),
};

const clean: Verb = {
  ...verb('clean', '--state STATE', 'remove all jobs of a state'),
  options: {
    ...queueOptions,
    state: { type: 'string', value: 'STATE', about: removableStates.join(', ') },
    json,
  },
  run(call) {
    const { state } = call.options;
    if (state === undefined) throw new UsageError(`--state is missing: ${removableStates.join(', ')}`);
    return changed(call, 'removed', ({ store, name }) =>
      removeAll(store, name, { state: state as RemovableState }),
    );
  },
};

const pause: Verb = {
  ...verb('pause', '', 'take no more jobs, on all machines; they keep coming in'),
  run: (call) => told(call, pauseQueue, 'is paused'),
};

const resume: Verb = {
  ...verb('resume', '', 'take jobs again'),
  run: (call) => told(call, resumeQueue, 'goes on'),
};

const workers: Verb = {
  ...verb('worker status', '', 'the workers: machine, process, since when, what they run'),
  run: (call) => shown(call, ({ store, name }) => listWorkers(store, name), workersText),
};

/** The verbs that look into a queue and steer it. */
export const jobsVerbs: Verb[] = [status, list, show, retry, remove, clean, pause, resume, workers];

function verb(word: string, operands: string, about: string): Omit<Verb, 'run'> {
  return { words: `jobs ${word}`, operands, about, options: { ...queueOptions, json } };
}

/** Prints what was found, for a person or as JSON. */
async function shown<T>(
  call: Call,
  find: (queue: OpenQueue) => Promise<T>,
  text: (found: T) => string,
): Promise<number> {
  const found = await withQueue(call, find);
  call.print(call.options['json'] ? `${JSON.stringify(found, undefined, 2)}\n` : text(found));
  return DONE;
}

/** Prints how many jobs were changed. */
function changed(call: Call, what: string, change: (queue: OpenQueue) => Promise<number>): Promise<number> {
  return shown(
    call,
    async (queue) => ({ [what]: await change(queue) }),
    (found) => `${found[what] === 1 ? '1 job' : `${found[what]} jobs`} ${what}\n`,
  );
}

function told(call: Call, change: (...queue: [OpenQueue['store'], string]) => Promise<void>, what: string) {
  return shown(
    call,
    async ({ store, name }) => {
      await change(store, name);
      return { queue: name };
    },
    ({ queue }) => `the queue ${queue} ${what}\n`,
  );
}

type ChangeOne = (store: OpenQueue['store'], queue: string, id: string) => Promise<void>;

function each(call: Call, change: ChangeOne): (queue: OpenQueue) => Promise<number> {
  const all = ids(call);
  return async ({ store, name }) => {
    for (const id of all) await change(store, name, id);
    return all.length;
  };
}

function ids({ operands }: Call): [string, ...string[]] {
  const [first, ...others] = operands;
  if (first === undefined) throw new UsageError('the ID of a job is missing: fp-mqtt jobs list shows them');
  return [first, ...others];
}
