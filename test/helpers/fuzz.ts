import * as fc from 'fast-check';

/** FP_SEED=2 tries others, FP_RUNS=10 tries ten times as many; a failure prints the seed and the smallest example. */
const seed = Number(process.env['FP_SEED'] ?? 1);
const times = Number(process.env['FP_RUNS'] ?? 1);

/** Checks a property with many values, the same ones in each run. */
export function holds<T>(values: fc.Arbitrary<T>, check: (value: T) => void, runs = 500): void {
  fc.assert(fc.property(values, check), { seed, numRuns: runs * times });
}

/**
 * The same for a check that waits; it fails if one value takes `timeout` milliseconds. A check that blocks it cannot see:
 * such a one has to measure itself.
 */
export async function holdsLater<T>(
  values: fc.Arbitrary<T>,
  check: (value: T) => Promise<void>,
  { runs = 200, timeout = 10_000 } = {},
): Promise<void> {
  await fc.assert(fc.asyncProperty(values, check), {
    seed,
    numRuns: runs * times,
    timeout,
  });
}

/** Some of the values, the same ones in each run. */
export function samples<T>(values: fc.Arbitrary<T>, count: number): T[] {
  return fc.sample(values, { seed, numRuns: count * times });
}
