import {
  GiveUpError,
  InterruptedError,
  JobFailedError,
  OverloadedError,
  TimedOutError,
} from '../../base/errors.ts';
import { closingController } from '../../base/closing-controller.ts';
import { pause } from '../../base/growing-delay.ts';
import { orInterrupted } from '../../base/or-interrupted.ts';
import type { JobDetails } from '../inspect/read-job.ts';
import type { JobEvent, ListenToJobs } from './job-event.ts';

/** Waits for the ends of single jobs, whichever machine runs them. */
export interface EndWaiter {
  /**
   * Resolves to a job's result, at most `timeout` milliseconds later.
   *
   * @throws JobFailedError if the job became a dead letter, or is gone
   * @throws TimedOutError if it has not ended in time; it still runs
   * @throws OverloadedError if too many are waited for
   * @throws InterruptedError when the waiter closes
   */
  wait(id: string, timeout: number): Promise<unknown>;
  close(): void;
}

/** How a queue is asked for the ends of jobs. */
export interface EndSource {
  listen: ListenToJobs;
  /** Which of these jobs have ended, and which are gone; cheap enough to ask again and again. */
  ended(ids: string[]): Promise<{ ended: string[]; gone: string[] }>;
  show(id: string): Promise<JobDetails>;
  /** A job is looked at this often, in milliseconds, since its event may have been missed; and once soon after a wait began. */
  interval: number;
}

interface Waiting {
  /** At a look before it was not there. */
  isMissing: boolean;
  resolve: (result: unknown) => void;
  reject: (error: Error) => void;
}

/** Jobs that are waited for at once. */
const MOST = 10_000;
/** Milliseconds to the next look at jobs whose wait has begun. */
const SOON = 250;
/** Jobs that are asked for at once. */
const BATCH = 500;

export function openEndWaiter(source: EndSource): EndWaiter {
  return new Waiter(source);
}

class Waiter implements EndWaiter {
  readonly #source: EndSource;
  readonly #waiting = new Map<string, Set<Waiting>>();
  readonly #closing = closingController();
  #stopListening: (() => void) | undefined;
  #isLooking = false;
  #count = 0;
  /** Jobs that nobody has looked at: they may have ended before anybody listened. */
  #young: string[] = [];

  constructor(source: EndSource) {
    this.#source = source;
  }

  wait(id: string, timeout: number): Promise<unknown> {
    if (this.#closing.signal.aborted) return Promise.reject(new InterruptedError('the queue was closed'));
    if (this.#count >= MOST) {
      const message = `${MOST} results are already waited for: send less, or set a shorter time-out`;
      return Promise.reject(new OverloadedError(message));
    }
    return new Promise((resolve, reject) => {
      const end = (settle: () => void) => {
        clearTimeout(timer);
        this.#remove(id, waiting);
        settle();
      };
      const waiting: Waiting = {
        isMissing: false,
        resolve: (result) => end(() => resolve(result)),
        reject: (error) => end(() => reject(error)),
      };
      const timer = setTimeout(() => waiting.reject(new TimedOutError(lateText(id, timeout))), timeout);
      this.#add(id, waiting);
    });
  }

  close(): void {
    this.#closing.abort();
    const interruption = new InterruptedError('the queue was closed before the job had ended');
    for (const id of this.#waiting.keys()) this.#settle(id, (waiting) => waiting.reject(interruption));
  }

  #add(id: string, waiting: Waiting): void {
    const same = this.#waiting.get(id);
    if (same) same.add(waiting);
    else this.#waiting.set(id, new Set([waiting]));
    this.#count += 1;
    this.#young.push(id);
    this.#stopListening ??= this.#source.listen({
      kinds: ['completed', 'dead'],
      isWanted: (ended) => this.#waiting.has(ended),
      onEvent: (event) => this.#heard(event),
    });
    if (!this.#isLooking) void this.#look();
  }

  #remove(id: string, waiting: Waiting): void {
    const same = this.#waiting.get(id);
    if (!same?.delete(waiting)) return;
    this.#count -= 1;
    if (same.size === 0) this.#waiting.delete(id);
  }

  #settle(id: string, settle: (waiting: Waiting) => void): void {
    for (const waiting of this.#waiting.get(id) ?? []) settle(waiting);
  }

  #heard({ kind, job, result, error }: JobEvent): void {
    const id = job?.id ?? '';
    if (kind === 'completed') this.#settle(id, (waiting) => waiting.resolve(result));
    else this.#settle(id, ({ reject }) => reject(new JobFailedError(id, error?.message ?? '', error?.stack)));
  }

  /** Looks while there is somebody who waits. Never rejects. */
  async #look(): Promise<void> {
    const closing = this.#closing.signal;
    this.#isLooking = true;
    const every = Math.max(1, Math.round(this.#source.interval / SOON));
    for (let round = 1; this.#waiting.size > 0 && !closing.aborted; round++) {
      await pause(SOON, closing);
      const young = this.#young.splice(0);
      // The next look may find it, and the time-out ends it.
      await this.#lookAt(round % every === 0 ? [...this.#waiting.keys()] : young).catch(() => undefined);
    }
    this.#young = [];
    this.#isLooking = false;
    this.#stopListening?.();
    this.#stopListening = undefined;
  }

  async #lookAt(all: string[]): Promise<void> {
    const closing = this.#closing.signal;
    for (let at = 0; at < all.length; at += BATCH) {
      const { ended, gone } = await orInterrupted(this.#source.ended(all.slice(at, at + BATCH)), closing);
      for (const id of gone) this.#gone(id);
      for (const id of ended) if (this.#waiting.has(id)) await orInterrupted(this.#read(id), closing);
    }
  }

  async #read(id: string): Promise<void> {
    try {
      const { state, result, error = `it is ${state}`, stacks } = await this.#source.show(id);
      if (state === 'completed') this.#settle(id, (waiting) => waiting.resolve(result));
      if (state === 'dead' || state === 'canceled') {
        this.#settle(id, ({ reject }) => reject(new JobFailedError(id, error, stacks.at(-1))));
      }
    } catch (error) {
      if (!(error instanceof GiveUpError)) throw error;
      this.#gone(id);
    }
  }

  /** The event with its result may be on its way. */
  #gone(id: string): void {
    this.#settle(id, (waiting) => {
      if (waiting.isMissing) waiting.reject(new JobFailedError(id, goneText(id)));
      else waiting.isMissing = true;
    });
  }
}

function lateText(id: string, timeout: number): string {
  return `job ${id} gave no result within ${timeout / 1000} s; it goes on`;
}

function goneText(id: string): string {
  return `job ${id} is gone: it was removed, or the queue keeps no ended jobs`;
}
