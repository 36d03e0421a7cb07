/** Tests wait for states instead of sleeping. */

/** Polls `condition` every few milliseconds until it is true; fails after `timeout` milliseconds. */
export async function until<T>(
  state: string,
  condition: () => T | Promise<T>,
  timeout = 90_000,
): Promise<Exclude<T, false | null | undefined>> {
  const deadline = Date.now() + timeout;
  for (;;) {
    const value = await condition();
    if (value) return value as Exclude<T, false | null | undefined>;
    if (Date.now() > deadline) throw new Error(`waited ${timeout} ms in vain until ${state}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
