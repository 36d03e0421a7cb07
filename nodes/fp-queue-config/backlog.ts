const MINUTE = 60_000;
/** Minutes in a row in which the backlog must have grown. */
const RISES = 3;

/**
 * Tells whether a queue's backlog grows. Compares the fewest jobs that waited in each minute, because many jobs that come at once
 * and are soon done are no backlog.
 */
export class Backlog {
  readonly #countedTo: number;
  #minute: number | undefined;
  #fewest = Infinity;
  /** The fewest of the last complete minutes, oldest first. */
  #earlier: number[] = [];
  #isGrowing = false;

  /** Above `countedTo` the number of jobs is not known: the answer stays. */
  constructor(countedTo: number) {
    this.#countedTo = countedTo;
  }

  add(waiting: number, now = performance.now()): boolean {
    const minute = Math.floor(now / MINUTE);
    if (this.#minute !== undefined && minute !== this.#minute) this.#endMinute();
    this.#minute = minute;
    this.#fewest = Math.min(this.#fewest, waiting);
    return this.#isGrowing;
  }

  #endMinute(): void {
    const all = [...this.#earlier, this.#fewest].slice(-RISES - 1);
    this.#earlier = all;
    this.#fewest = Infinity;
    if ((all.at(-1) ?? 0) > this.#countedTo) return;
    this.#isGrowing = all.length > RISES && all.every((fewest, i) => i === 0 || fewest > (all[i - 1] ?? 0));
  }
}
