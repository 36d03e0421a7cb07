/** Call in a suite. Functions passed to the returned function are called after the test, the last one first. */
export function closing(): (close: () => unknown) => void {
  const closers: (() => unknown)[] = [];
  afterEach(async () => {
    for (const close of closers.splice(0).toReversed()) await close();
  });
  return (close) => closers.push(close);
}
