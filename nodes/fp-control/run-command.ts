import type { JobState } from '../../src/base/model.ts';
import { OptionsError, type Inspector } from '../../src/index.ts';
import { isQueueAction, jobIdOf, queueActions } from '../queue-actions.ts';

/** A command for a queue; nothing of it has been checked. */
export interface Command {
  name: string;
  id: unknown;
  state: unknown;
  /** The `next` of an earlier list. */
  cursor: unknown;
}

type Result = Record<string, unknown>;

/** Commands that change nothing. */
const reads: Record<string, (queue: Inspector, command: Command) => Promise<Result>> = {
  counts: async (queue) => {
    const { counts, isPaused, oldestWaiting } = await queue.state();
    return { counts, isPaused, oldestWaiting };
  },
  // The inspector checks state and cursor.
  list: async (queue, { state, cursor }) => {
    if (cursor !== undefined && typeof cursor !== 'string')
      throw new OptionsError(['msg.cursor must be text']);
    const { rows, next } = await queue.list({ state: state as JobState, cursor });
    return { jobs: rows, next };
  },
  get: async (queue, { id }) => ({ job: await queue.show(jobIdOf(id)) }),
};

/**
 * Runs a command. Resolves to what it found, or to the number of jobs that it `changed`.
 *
 * @throws OptionsError if the command or one of its values is invalid
 */
export async function runCommand(queue: Inspector, command: Command, signal: AbortSignal): Promise<Result> {
  const { name, id, state } = command;
  if (Object.hasOwn(reads, name)) return reads[name]!(queue, command);
  if (!isQueueAction(name)) {
    const known = [...Object.keys(reads), ...Object.keys(queueActions)];
    throw new OptionsError([`msg.command must be one of ${known.join(', ')}, found ${name}`]);
  }
  const changed = await queueActions[name](queue, { id, state, signal });
  return changed === undefined ? {} : { changed };
}
