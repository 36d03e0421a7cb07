import { GiveUpError, InterruptedError } from '../../base/errors.ts';
import { waitToRetry } from '../../base/growing-delay.ts';
import { orInterrupted } from '../../base/or-interrupted.ts';
import { settledWithin } from '../../base/settled-within.ts';
import type { QueueOptions } from '../options.ts';
import { errorText } from '../store/error-text.ts';
import type { Store } from '../store/store.ts';
import { putSchedule } from './put-schedule.ts';
import type { Schedule } from './schedule.ts';

/** Maximum milliseconds for an interrupted change that the store is making. */
const LONGEST_CHANGE = 5000;

/**
 * Changes the schedules of a queue. Calls wait while the store is unavailable, until `signal` aborts. Then they first wait for
 * what the store is making: it would undo a change that follows.
 */
export interface Schedules {
  /**
   * Stores a schedule, or replaces the one with its key.
   *
   * @throws OptionsError or SerializeError if the schedule is invalid
   * @throws InterruptedError if the signal aborts first
   */
  put(schedule: Schedule, signal: AbortSignal): Promise<void>;
  /** Removes a schedule, whether it is there or not. */
  remove(key: string, signal: AbortSignal): Promise<void>;
}

export function openSchedules(store: Store, options: QueueOptions): Schedules {
  const remove = async (key: string) => {
    const queue = await store.queue(options.queue_name);
    await queue.removeJobScheduler(key);
  };
  return {
    put: (schedule, signal) => untilMade(store, () => putSchedule(store, options, schedule), signal),
    remove: (key, signal) => untilMade(store, () => remove(key), signal),
  };
}

/** The store may refuse a schedule while its job of this very time runs. */
async function untilMade(store: Store, change: () => Promise<void>, signal: AbortSignal): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const made = change();
    try {
      return await orInterrupted(made, signal);
    } catch (error) {
      if (signal.aborted && store.connection().state === 'connected')
        await settledWithin(LONGEST_CHANGE, made);
      if (signal.aborted || error instanceof GiveUpError || error instanceof InterruptedError) throw error;
      if (store.classifyError(error) !== 'away')
        store.warn(`a schedule is not stored yet: ${errorText(error)}`);
      await waitToRetry(attempt, signal);
    }
  }
}
