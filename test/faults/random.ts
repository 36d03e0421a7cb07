/** The same numbers for the same seed (mulberry32): a run can be repeated. */
export interface Random {
  /** From 0 up to 1. */
  next(): number;
  pick<T>(values: readonly T[]): T;
  /** A whole number from `least` to `most`. */
  between(least: number, most: number): number;
  shuffled<T>(values: readonly T[]): T[];
}

/** Turns a text into a seed. */
export function seedOf(text: string): number {
  return Array.from(text).reduce((seed, letter) => (Math.imul(seed, 31) + letter.charCodeAt(0)) | 0, 0);
}

export function seeded(seed: number): Random {
  let state = seed;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const between = (least: number, most: number) => least + Math.floor(next() * (most - least + 1));
  return {
    next,
    pick: (values) => values[between(0, values.length - 1)]!,
    between,
    shuffled(values) {
      const left = [...values];
      return values.map(() => left.splice(between(0, left.length - 1), 1)).flat();
    },
  };
}
