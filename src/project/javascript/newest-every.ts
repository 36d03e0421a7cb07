/**
 * Hands values on at most once in `interval` milliseconds: the first at once, then the newest, with `end` the last.
 * Also from a loop in which no timer runs.
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
