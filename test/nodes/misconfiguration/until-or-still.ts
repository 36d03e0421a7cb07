/** Milliseconds without progress after which none is expected. */
const PATIENCE = 90_000;
const EVERY = 50;

/** Waits until nothing is left, for as long as what is `left` changes. */
export async function untilOrStill(left: () => number): Promise<void> {
  let seen = left();
  for (let since = Date.now(); seen > 0 && Date.now() - since < PATIENCE;) {
    await new Promise((resolve) => setTimeout(resolve, EVERY));
    const now = left();
    if (now !== seen) since = Date.now();
    seen = now;
  }
}
