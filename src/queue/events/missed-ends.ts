import { pause } from '../../base/growing-delay.ts';
import { orInterrupted } from '../../base/or-interrupted.ts';
import { errorText } from '../store/error-text.ts';
import type { Store } from '../store/store.ts';
import type { Audience } from './job-listeners.ts';
import { endKinds } from './job-event.ts';
import { readEndEvents, readEnds, type End } from './read-ends.ts';
import type { ToldEnds } from './told-ends.ts';

/** Milliseconds between two looks. */
const INTERVAL = 10_000;
/** The same while events may have been missed. */
const SHORT_INTERVAL = 2000;
/** The same while looks find something. */
const SHORTEST = 500;
/** Milliseconds by which the end of a job may be older when it is stored, and the clocks of the machines may differ. */
export const LATE = 15_000;
/** Ends of a kind that one look reads. */
const MOST = 10_000;

interface Looking {
  store: Store;
  queue: string;
  audience: Audience;
  /** Also gets the ends that are found. */
  told: ToldEnds;
  closing: AbortSignal;
}

/**
 * Looks every ten seconds which jobs have ended, and tells what nobody has told: a store keeps few events, so some are gone
 * before they are read. Finds the ends of jobs that the queue still has.
 */
export class MissedEnds {
  readonly #looking: Looking;
  #from = Date.now();
  #isSoon = false;
  /** Whether the last look found something. */
  #isFinding = false;

  constructor(looking: Looking) {
    this.#looking = looking;
  }

  /** The next look comes soon: events may have been missed. */
  soon(): void {
    this.#isSoon = true;
  }

  /** Looks until it is closed. Never rejects. */
  async start(): Promise<void> {
    const { closing, store } = this.#looking;
    // The first one may come soon.
    let waited = SHORT_INTERVAL;
    while (!closing.aborted) {
      await pause(SHORTEST, closing);
      waited += SHORTEST;
      if (closing.aborted || waited < this.#interval()) continue;
      waited = 0;
      this.#isSoon = false;
      try {
        this.#isFinding = await this.#look();
      } catch (error) {
        if (!closing.aborted) store.warn(`ends of jobs cannot be read: ${errorText(error)}`);
      }
    }
  }

  #interval(): number {
    if (this.#isFinding) return SHORTEST;
    return this.#isSoon ? SHORT_INTERVAL : INTERVAL;
  }

  /** Returns whether it found ends that nobody had told. */
  async #look(): Promise<boolean> {
    const { store, queue, audience, told, closing } = this.#looking;
    const kinds = endKinds.filter((kind) => audience.wants(kind));
    if (kinds.length === 0) return false;
    const begun = Date.now();
    const access = await orInterrupted(store.access(queue), closing);
    const since = Math.max(this.#from, told.forgottenUntil + 1);
    const ends = await orInterrupted(readEnds(access, { kinds, since, limit: MOST }), closing);
    const isMissed = (end: End) => !told.has(end) && audience.wants(end.kind, end.id);
    let isFinding = false;
    for await (const { end, event } of readEndEvents(access, queue, ends.filter(isMissed))) {
      if (closing.aborted) break;
      if (!told.add(end)) continue;
      isFinding = true;
      audience.tell(event, true);
    }
    this.#from = Math.max(this.#from, begun - LATE);
    return isFinding;
  }
}
