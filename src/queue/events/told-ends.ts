import type { EndedJob } from '../store/queue-access.ts';

/** Ends that are remembered; the older half is forgotten at once, since a map finds its first key slowly. */
const MOST = 10_000;

/** Remembers which ends of jobs were told. */
export class ToldEnds {
  readonly #times = new Map<string, number>();
  #forgottenUntil = 0;

  /** Of ends until then it may not be known whether they were told; milliseconds since 1970. */
  get forgottenUntil(): number {
    return this.#forgottenUntil;
  }

  has({ id, finishedAt }: EndedJob): boolean {
    return this.#times.get(id) === finishedAt;
  }

  /** Whether any end of this job was told. */
  hasAny(id: string): boolean {
    return this.#times.has(id);
  }

  /** False if it was told before. */
  add(end: EndedJob): boolean {
    if (this.has(end)) return false;
    this.#times.delete(end.id);
    this.#times.set(end.id, end.finishedAt);
    if (this.#times.size > MOST) this.#forgetOldest();
    return true;
  }

  /** Those at a time or later. */
  since(time: number): EndedJob[] {
    return [...this.#times].flatMap(([id, finishedAt]) => (finishedAt >= time ? [{ id, finishedAt }] : []));
  }

  #forgetOldest(): void {
    let left = MOST / 2;
    for (const [id, finishedAt] of this.#times) {
      if (left-- === 0) break;
      this.#times.delete(id);
      this.#forgottenUntil = Math.max(this.#forgottenUntil, finishedAt);
    }
  }
}
