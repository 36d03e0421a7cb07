import * as fc from 'fast-check';

/** FP_SEED=2 tests other values, FP_RUNS=10 ten times as many. A failure prints the seed and the smallest example. */
const seed = Number(process.env['FP_SEED'] ?? 1);
const times = Number(process.env['FP_RUNS'] ?? 1);

/** Checks a property with many values, the same in each run. */
export function holds<T>(values: fc.Arbitrary<T>, check: (value: T) => void, runs = 500): void {
  fc.assert(fc.property(values, check), { seed, numRuns: runs * times });
}

/**
 * The same for an async check. Fails if a value takes `timeout` milliseconds; this does not detect a check that blocks
 * the event loop, which must measure its time itself.
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

/** Returns some of the values, the same in each run. */
export function samples<T>(values: fc.Arbitrary<T>, count: number): T[] {
  return fc.sample(values, { seed, numRuns: count * times });
}
