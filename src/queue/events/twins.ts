import type { JobEventKind } from './job-event.ts';

/** Milliseconds after which an event of the store comes no more. */
const LATEST = 10_000;
/** Events that are waited for. */
const MOST = 2000;

/** Events that this process has told itself and that come again from the store. */
export class Twins {
  /** When each stops being waited for, by kind and job; an attempt may fail again before the first event has come. */
  readonly #until = new Map<string, number[]>();

  add(kind: JobEventKind, id: string): void {
    if (this.#until.size >= MOST) this.#until.clear();
    const key = `${kind} ${id}`;
    const others = this.#until.get(key) ?? [];
    this.#until.set(key, [...others, Date.now() + LATEST]);
  }

  /** Whether this event was waited for; it is not any more. */
  take(kind: JobEventKind, id: string): boolean {
    const key = `${kind} ${id}`;
    const until = this.#until.get(key);
    if (!until) return false;
    const now = Date.now();
    const [first, ...others] = until.filter((time) => time > now);
    if (others.length > 0) this.#until.set(key, others);
    else this.#until.delete(key);
    return first !== undefined;
  }
}
