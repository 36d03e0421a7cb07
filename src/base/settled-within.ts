/** Milliseconds as which a standstill of this process counts: meanwhile it reads no answer. */
const STEP = 250;

/**
 * Waits up to `ms` milliseconds in which this process runs; returns whether `work` was fulfilled or rejected in that time. Does
 * not stop `work`.
 */
export async function settledWithin(ms: number, work: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    const wait = (left: number) => {
      timer = setTimeout(() => (left > STEP ? wait(left - STEP) : resolve(false)), Math.min(left, STEP));
    };
    wait(ms);
  });
  const settled = work.then(
    () => true,
    () => true,
  );
  const inTime = await Promise.race([settled, late]);
  clearTimeout(timer);
  return inTime;
}
