import type { JobState } from '../../src/base/model.ts';
import { OptionsError, type Inspector } from '../../src/index.ts';
import type { QueueConfig } from '../fp-queue-config/fp-queue-config.ts';
import { isQueueAction, jobIdOf, queueActions, textOf } from '../queue-actions.ts';

/** A command for a queue; nothing of it has been checked. */
export interface Command {
  name: string;
  id: unknown;
  state: unknown;
  /** The `next` of an earlier list. */
  cursor: unknown;
  /** Select jobs: for `list`, `retry_all` and, a group only, `empty`. */
  group: unknown;
  search: unknown;
  /** For `retry_all`. */
  perSecond: unknown;
}

type Result = Record<string, unknown>;

/** Commands that change nothing. */
const reads: Record<string, (queue: Inspector, command: Command) => Promise<Result>> = {
  counts: async (queue) => {
    const { counts, isPaused, oldestWaiting } = await queue.state();
    return { counts, isPaused, oldestWaiting };
  },
  groups: async (queue) => ({ ...(await queue.groups()) }),
  // The inspector checks state and cursor.
  list: async (queue, { state, cursor, group, search }) => {
    if (cursor !== undefined && typeof cursor !== 'string')
      throw new OptionsError(['msg.cursor must be text']);
    const selection = { group: textOf('group', group), search: textOf('search', search) };
    const { rows, next, lookedAt } = await queue.list({ state: state as JobState, cursor, ...selection });
    return { jobs: rows, next, ...(lookedAt !== undefined && { lookedAt }) };
  },
  get: async (queue, { id }) => ({ job: await queue.show(jobIdOf(id)) }),
};

/** Commands for the workers of this Node-RED, whether the store is available or not. */
const ofWorkers: Record<string, (config: QueueConfig) => Result> = {
  pause_workers: ({ workerPause }) => ({ workers: workerPause.set(true) }),
  resume_workers: ({ workerPause }) => ({ workers: workerPause.set(false) }),
};

/**
 * Runs a command. Resolves to what it found, or to the number of jobs that it `changed` or of `workers`.
 *
 * @throws OptionsError if the command or one of its values is invalid
 */
export async function runCommand(config: QueueConfig, command: Command): Promise<Result> {
  const { name } = command;
  if (Object.hasOwn(ofWorkers, name)) return ofWorkers[name]!(config);
  return config.look((queue, signal) => runOnQueue(queue, command, signal));
}

async function runOnQueue(queue: Inspector, command: Command, signal: AbortSignal): Promise<Result> {
  const { name, ...selection } = command;
  if (Object.hasOwn(reads, name)) return reads[name]!(queue, command);
  if (!isQueueAction(name)) {
    const known = [reads, queueActions, ofWorkers].flatMap((commands) => Object.keys(commands));
    throw new OptionsError([`msg.command must be one of ${known.join(', ')}, found ${name}`]);
  }
  const changed = await queueActions[name](queue, { ...selection, signal });
  return changed === undefined ? {} : { changed };
}
