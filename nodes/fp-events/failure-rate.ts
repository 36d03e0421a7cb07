/** Milliseconds that an ended job counts. */
const WINDOW = 300_000;
/** Milliseconds whose ends are counted together. */
const STEP = 10_000;
/** With fewer ends one failure would be much. */
const FEWEST = 10;

interface Counted {
  since: number;
  ended: number;
  dead: number;
}

/** The share of dead letters among the jobs that ended in the last five minutes. */
export class FailureRate {
  #steps: Counted[] = [];

  count(isDead: boolean, now = Date.now()): void {
    let last = this.#steps.at(-1);
    if (!last || now - last.since >= STEP) {
      last = { since: now, ended: 0, dead: 0 };
      this.#steps = [...this.#newest(now), last];
    }
    last.ended += 1;
    if (isDead) last.dead += 1;
  }

  /** Percent, rounded down; 0 if fewer than 10 jobs have ended. */
  percent(now = Date.now()): number {
    this.#steps = this.#newest(now);
    const sum = (of: 'ended' | 'dead') => this.#steps.reduce((total, step) => total + step[of], 0);
    const ended = sum('ended');
    return ended < FEWEST ? 0 : Math.floor((100 * sum('dead')) / ended);
  }

  #newest(now: number): Counted[] {
    return this.#steps.filter(({ since }) => now - since < WINDOW);
  }
}
