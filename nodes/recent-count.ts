const SLOTS = 60;

/** Counts the events of the last `span` milliseconds, to a sixtieth of it. */
export class RecentCount {
  readonly #slotLength: number;
  /** Number of events by slot, oldest first. */
  readonly #slots = new Map<number, number>();

  constructor(span: number) {
    this.#slotLength = span / SLOTS;
  }

  add(now = performance.now()): void {
    const slot = this.#forget(now);
    this.#slots.set(slot, (this.#slots.get(slot) ?? 0) + 1);
  }

  total(now = performance.now()): number {
    this.#forget(now);
    let total = 0;
    for (const count of this.#slots.values()) total += count;
    return total;
  }

  /** Removes slots that are too old. Returns the current one. */
  #forget(now: number): number {
    const current = Math.floor(now / this.#slotLength);
    for (const slot of this.#slots.keys()) {
      if (slot > current - SLOTS) break;
      this.#slots.delete(slot);
    }
    return current;
  }
}
