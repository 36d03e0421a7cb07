/** Tests wait for states instead of sleeping. */

/** Polls `condition` every few milliseconds until it is true; fails after `timeout` milliseconds. */
export async function until<T>(
  state: string,
  condition: () => T | Promise<T>,
  timeout = 45_000,
): Promise<NonNullable<T>> {
  const deadline = Date.now() + timeout;
  for (;;) {
    const value = await condition();
    if (value) return value;
    if (Date.now() > deadline) throw new Error(`waited ${timeout} ms in vain until ${state}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
