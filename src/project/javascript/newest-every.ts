/**
 * Throttles to one value per `interval` ms: emits the first immediately, then the latest; `end` flushes. Also works in
 * a synchronous loop, in which timers don't run.
 */
export function newestEvery<T>(interval: number, send: (value: T) => void) {
  let next: { value: T } | undefined;
  let sent = 0;
  let timer: NodeJS.Timeout | undefined;

  const flush = () => {
    clearTimeout(timer);
    timer = undefined;
    if (!next) return;
    sent = Date.now();
    send(next.value);
    next = undefined;
  };
  return {
    give(value: T): void {
      next = { value };
      const wait = sent + interval - Date.now();
      if (wait <= 0) flush();
      else timer ??= setTimeout(flush, wait);
    },
    end: flush,
  };
}
