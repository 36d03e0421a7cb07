/** Tests wait for states instead of sleeping. */

const SHORTEST_PAUSE = 10;
const LONGEST_PAUSE = 100;

/**
 * Polls `condition` until it is true; fails after `timeout` milliseconds. A condition that takes long, such as one that asks
 * a browser, is asked less often: otherwise polling would take the processor from what is waited for.
 */
export async function until<T>(
  state: string,
  condition: () => T | Promise<T>,
  timeout = 90_000,
): Promise<Exclude<T, false | null | undefined>> {
  const deadline = Date.now() + timeout;
  for (;;) {
    const began = performance.now();
    const value = await condition();
    if (value) return value as Exclude<T, false | null | undefined>;
    if (Date.now() > deadline) throw new Error(`waited ${timeout} ms in vain until ${state}`);
    const pause = Math.min(Math.max(SHORTEST_PAUSE, 2 * (performance.now() - began)), LONGEST_PAUSE);
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}
