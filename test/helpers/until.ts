/** Tests wait for states, they never sleep. */

/** Resolves as soon as `condition` holds, looking every few milliseconds; fails after `timeout` milliseconds. */
export async function until<T>(
  state: string,
  condition: () => T | Promise<T>,
  timeout = 45_000,
): Promise<Exclude<T, false | null | undefined>> {
  const deadline = Date.now() + timeout;
  for (;;) {
    const value = await condition();
    if (value) return value as Exclude<T, false | null | undefined>;
    if (Date.now() > deadline) throw new Error(`waited ${timeout} ms in vain until ${state}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
