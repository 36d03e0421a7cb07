/** Milliseconds without progress after which none is expected: a killed worker's jobs run again after 40 s. */
const PATIENCE = 120_000;
const EVERY = 100;

/** Waits until `isDone`, for as long as `progress` grows; resolves with whether it is done. */
export async function waitWhileMoving(
  isDone: () => boolean | Promise<boolean>,
  progress: () => number,
): Promise<boolean> {
  let seen = progress();
  for (let since = Date.now(); Date.now() - since < PATIENCE;) {
    if (await isDone()) return true;
    await new Promise((resolve) => setTimeout(resolve, EVERY));
    if (progress() > seen) since = Date.now();
    seen = progress();
  }
  return false;
}
