/** BullMQ's workers look for jobs every five seconds, even if nothing wakes them. */
const PROMPT = 2000;

/**
 * Whether a call takes less than two seconds at least once in five times. A busy machine may hold up any of them; a timer of the
 * product would hold up each.
 */
export async function isPrompt(call: () => Promise<unknown>): Promise<boolean> {
  for (let n = 0; n < 5; n++) {
    const began = performance.now();
    await call();
    if (performance.now() - began < PROMPT) return true;
  }
  return false;
}
