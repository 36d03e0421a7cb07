/** Call in a suite; what is handed to the result is closed after the test that opened it, the last opened first. */
export function closing(): (close: () => unknown) => void {
  const closers: (() => unknown)[] = [];
  afterEach(async () => {
    for (const close of closers.splice(0).toReversed()) await close();
  });
  return (close) => closers.push(close);
}
