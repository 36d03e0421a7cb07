import type { JobState } from '../../src/base/model.ts';
import { OptionsError, type Inspector } from '../../src/index.ts';
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

/**
 * Runs a command. Resolves to what it found, or to the number of jobs that it `changed`.
 *
 * @throws OptionsError if the command or one of its values is invalid
 */
export async function runCommand(queue: Inspector, command: Command, signal: AbortSignal): Promise<Result> {
  const { name, ...selection } = command;
  if (Object.hasOwn(reads, name)) return reads[name]!(queue, command);
  if (!isQueueAction(name)) {
    const known = [...Object.keys(reads), ...Object.keys(queueActions)];
    throw new OptionsError([`msg.command must be one of ${known.join(', ')}, found ${name}`]);
  }
  const changed = await queueActions[name](queue, { ...selection, signal });
  return changed === undefined ? {} : { changed };
}
