/** Random message values, the same for the same seed. */

/** Returns a generator of numbers from 0 to below 1 (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const numbers = [0, -0, 1, -1, 0.1, Number.NaN, Infinity, -Infinity, 5e-324, 1.7976931348623157e308, 2 ** 53];
const pieces = ['a', 'ü', '😀', '\0', '\ud800', '\udc00', '"', '\\', '\n', '\u2028', '$buffer', '__proto__'];
const keys = [
  'a',
  'b c',
  '$buffer',
  '$date',
  '$object',
  '$map',
  '__proto__',
  'toJSON',
  'constructor',
  'x\0y',
  '',
];

/** Returns a random value that a job can store, with at most `depth` levels. */
export function randomValue(random: () => number, depth: number): unknown {
  const below = (limit: number) => Math.floor(random() * limit);
  const pick = <T>(list: readonly T[]) => list[below(list.length)] as T;
  const text = () => Array.from({ length: below(4) }, () => pick(pieces)).join('');
  const inner = () => randomValue(random, depth - 1);
  const some = <T>(make: () => T) => Array.from({ length: below(4) }, make);
  const leaves = [
    () => text(),
    () => pick(numbers),
    () => random() * 1e6 - 5e5,
    () => below(2) === 1,
    () => null,
    () => BigInt(below(1e9)) ** 3n,
    () => Buffer.from(Array.from({ length: below(40) }, () => below(256))),
    () => new Date(below(4e9) * 1000),
  ];
  const containers = [
    () => some(() => (below(5) === 0 ? undefined : inner())),
    () => Object.fromEntries(some(() => [pick(keys), inner()])),
    () => new Map(some(() => [inner(), inner()])),
    () => new Set(some(inner)),
  ];
  return pick(depth > 0 ? [...leaves, ...containers, ...containers] : leaves)();
}
