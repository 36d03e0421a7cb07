/** Conditions that raise an alarm, by their limits; undefined: never. */
export interface Limits {
  /** Waiting jobs. */
  backlog: number | undefined;
  /** Seconds that the oldest waiting job waits. */
  oldest: number | undefined;
  /** Percent of the ended jobs that became dead letters. */
  failure_rate: number | undefined;
  /** Workers that there should be. */
  no_worker: number | undefined;
  away: boolean;
}

export type Condition = keyof Limits;

/** What was seen at a time; what is left out is not known. */
export type Sample = Partial<Record<Exclude<Condition, 'away'>, number>> & {
  /** Why the store cannot be reached; empty: it can. */
  away?: string;
};

/** An alarm that begins or ends. */
export interface Alarm {
  condition: Condition;
  /** False: it ends. */
  active: boolean;
  value: number | string;
  limit: number | undefined;
}

type Change = Omit<Alarm, 'active'> & { isActive: boolean };

/** A deploy takes workers away for a moment. */
const LOOKS_WITHOUT_WORKER = 2;

/** Tells of each condition once when it begins, and once when it ends. */
export class Alarms {
  readonly #limits: Limits;
  readonly #active = new Set<Condition>();
  #looksWithoutWorker = 0;

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  /** The conditions that hold. */
  get active(): Condition[] {
    return [...this.#active];
  }

  /** Gives the alarms that have begun or ended. */
  update(sample: Sample): Alarm[] {
    const { backlog, oldest, failure_rate, no_worker, away } = this.#limits;
    return [
      ...this.#above('backlog', sample.backlog, backlog),
      ...this.#above('oldest', sample.oldest, oldest),
      ...this.#above('failure_rate', sample.failure_rate, failure_rate),
      ...this.#workers(sample.no_worker, no_worker),
      ...(away ? this.#away(sample.away) : []),
    ];
  }

  #change({ condition, isActive, value, limit }: Change): Alarm[] {
    if (this.#active.has(condition) === isActive) return [];
    if (isActive) this.#active.add(condition);
    else this.#active.delete(condition);
    return [{ condition, active: isActive, value, limit }];
  }

  #above(condition: Condition, value: number | undefined, limit: number | undefined): Alarm[] {
    if (value === undefined || limit === undefined) return [];
    return this.#change({ condition, isActive: value > limit, value, limit });
  }

  #workers(value: number | undefined, limit: number | undefined): Alarm[] {
    if (value === undefined || limit === undefined) return [];
    this.#looksWithoutWorker = value < limit ? this.#looksWithoutWorker + 1 : 0;
    const isActive = this.#looksWithoutWorker >= LOOKS_WITHOUT_WORKER;
    return this.#change({ condition: 'no_worker', isActive, value, limit });
  }

  #away(value: string | undefined): Alarm[] {
    if (value === undefined) return [];
    return this.#change({ condition: 'away', isActive: value !== '', value, limit: undefined });
  }
}
