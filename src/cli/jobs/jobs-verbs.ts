import { removableStates, type RemovableState } from '../../queue/inspect/change-jobs.ts';
import { jobStates, rqStates, type JobState } from '../../base/model.ts';
import { DONE, json, UsageError, type Call, type Verb } from '../verb.ts';
import { queueOptions, withQueue, type OpenQueue } from './open-queue.ts';
import { groupsText, historyText, jobText, pageText, schedulesText, stateText } from './texts.ts';

const MOST_ROWS = 50;
const OF_RQ = `; of RQ, too: ${rqStates.join(', ')}`;

const status: Verb = {
  ...verb('status', '', 'how many jobs are in each state, and how long the oldest waits'),
  run: (call) => shown(call, ({ inspector }) => inspector.state(), stateText),
};

const list: Verb = {
  ...verb('list', '', 'the jobs of a state, newest first'),
  options: {
    ...queueOptions,
    state: { type: 'string', value: 'STATE', about: `${jobStates.join(', ')} (default: dead)${OF_RQ}` },
    limit: { type: 'string', value: 'N', about: `most jobs, 1 to 100 (default: ${MOST_ROWS})` },
    after: { type: 'string', value: 'CURSOR', about: 'go on where an earlier list ended' },
    oldest: { type: 'boolean', about: 'oldest first' },
    group: { type: 'string', value: 'ERROR', about: 'dead letters of a group: see jobs groups' },
    search: { type: 'string', value: 'TEXT', about: 'with this text in ID, pipeline, topic or error' },
    json,
  },
  async run(call) {
    const { state = 'dead', limit = MOST_ROWS, after, oldest, group, search } = call.options;
    const page = {
      state: state as JobState,
      limit: Number(limit),
      order: oldest ? ('oldest' as const) : ('newest' as const),
      cursor: after as string | undefined,
      group: group as string | undefined,
      search: search as string | undefined,
    };
    return shown(call, ({ inspector }) => inspector.list(page), pageText);
  },
};

const groups: Verb = {
  ...verb('groups', '', 'the dead letters by their errors, the most frequent first'),
  run: (call) => shown(call, ({ inspector }) => inspector.groups(), groupsText),
};

const history: Verb = {
  ...verb('history', '', 'what happened to the jobs in each minute'),
  options: {
    ...queueOptions,
    hours: { type: 'string', value: 'N', about: 'of the last N hours, at most 168 (default: 1)' },
    minutes: { type: 'string', value: 'N', about: 'minutes of each row (default: 1)' },
    json,
  },
  run(call) {
    const { hours = 1, minutes = 1 } = call.options;
    if (!(Number(hours) > 0)) throw new UsageError('--hours must be a number above 0');
    const options = {
      since: new Date(Date.now() - Number(hours) * 3_600_000),
      minutesPerRow: Number(minutes),
    };
    return shown(call, ({ inspector }) => inspector.history(options), historyText);
  },
};

const show: Verb = {
  ...verb('show', 'ID', 'one job in full: message, result, error, log'),
  run(call) {
    const [id] = ids(call);
    return shown(call, ({ inspector }) => inspector.show(id), jobText);
  },
};

const retry: Verb = {
  ...verb('retry', 'ID... | --all | --group ERROR', 'run dead letters again, with all their attempts'),
  options: {
    ...queueOptions,
    all: { type: 'boolean', about: 'all dead letters of the queue' },
    group: { type: 'string', value: 'ERROR', about: 'those of a group: see jobs groups' },
    'per-second': { type: 'string', value: 'N', about: 'at most N per second, with --all or --group' },
    json,
  },
  run(call) {
    const { all, group, 'per-second': perSecond } = call.options;
    if (all || group !== undefined) {
      if (call.operands.length > 0) throw new UsageError('either IDs, --all or --group');
      const options = {
        group: group as string | undefined,
        ...(perSecond !== undefined && { perSecond: Number(perSecond) }),
      };
      return changed(call, 'retried', ({ inspector }) => inspector.retryAll(options));
    }
    return changed(call, 'retried', each(call, 'retry'));
  },
};

const cancel: Verb = {
  ...verb('cancel', 'ID...', 'keep jobs that have not begun from running, and keep them (RQ only)'),
  run: (call) => changed(call, 'canceled', each(call, 'cancel')),
};

const remove: Verb = {
  ...verb('remove', 'ID...', 'remove jobs that do not run'),
  run: (call) => changed(call, 'removed', each(call, 'remove')),
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
    return changed(call, 'removed', ({ inspector }) =>
      inspector.removeAll({ state: state as RemovableState }),
    );
  },
};

const pause: Verb = {
  ...verb('pause', '', 'take no more jobs, on all machines; they keep coming in'),
  run: (call) => told(call, 'pause', 'is paused'),
};

const resume: Verb = {
  ...verb('resume', '', 'take jobs again'),
  run: (call) => told(call, 'resume', 'goes on'),
};

const schedules: Verb = {
  ...verb('schedules', '[--remove KEY]', 'what adds jobs again and again, and when next'),
  options: { ...queueOptions, remove: { type: 'string', value: 'KEY', about: 'remove this one' }, json },
  run(call) {
    const { remove: key } = call.options;
    if (key === undefined) return shown(call, ({ inspector }) => inspector.schedules(), schedulesText);
    return shown(
      call,
      async ({ inspector }) => {
        await inspector.removeSchedule(String(key));
        return { removed: key };
      },
      () => `the schedule ${key} is removed\n`,
    );
  },
};

/** The verbs that look into a queue and steer it. */
export const jobsVerbs: Verb[] = [
  status,
  list,
  groups,
  history,
  show,
  retry,
  cancel,
  remove,
  clean,
  pause,
  resume,
  schedules,
];

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

function told(call: Call, change: 'pause' | 'resume', what: string): Promise<number> {
  return shown(
    call,
    async ({ name, inspector }) => {
      await inspector[change]();
      return { queue: name };
    },
    ({ queue }) => `the queue ${queue} ${what}\n`,
  );
}

function each(call: Call, change: 'retry' | 'cancel' | 'remove'): (queue: OpenQueue) => Promise<number> {
  const all = ids(call);
  return async ({ inspector }) => {
    for (const id of all) await inspector[change](id);
    return all.length;
  };
}

function ids({ operands }: Call): [string, ...string[]] {
  const [first, ...others] = operands;
  if (first === undefined) throw new UsageError('the ID of a job is missing: fp-mqtt jobs list shows them');
  return [first, ...others];
}
