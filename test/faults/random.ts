/** The same numbers for the same seed (mulberry32): a run can be repeated. */
export interface Random {
  /** From 0 up to 1. */
  next(): number;
  pick<T>(values: readonly T[]): T;
  /** A whole number from `least` to `most`. */
  between(least: number, most: number): number;
}

export function seeded(seed: number): Random {
  let state = seed;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  return {
    next,
    pick: (values) => values[Math.floor(next() * values.length)] ?? values[0]!,
    between: (least, most) => least + Math.floor(next() * (most - least + 1)),
  };
}
