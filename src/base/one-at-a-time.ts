/** Runs asynchronous work one call at a time. The functions differ in what they do with calls that come meanwhile. */

/** Runs each task after the one before, even if that failed. Settles as the task does. */
export function oneAtATime(): <T>(task: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (task) => {
    const run = last.then(task);
    last = run.catch(() => undefined);
    return run;
  };
}

/**
 * Passes the items of all calls that come while one runs to the next one, which settles for all of them.
 *
 * @returns a function that takes one item, and settles as the call with that item does
 */
export function together<Item>(act: (items: Item[]) => Promise<void>): (item: Item) => Promise<void> {
  let running: Promise<unknown> = Promise.resolve();
  let next: { items: Item[]; ended: Promise<void> } | undefined;

  const begin = () => {
    const items: Item[] = [];
    const ended = running.then(() => {
      next = undefined;
      return act(items);
    });
    running = ended.catch(() => undefined);
    return { items, ended };
  };
  return (item) => {
    next ??= begin();
    next.items.push(item);
    return next.ended;
  };
}

/** Sends one value at a time. While a value is being sent, only the latest of the others waits. `send` must not reject. */
export function newestOnly<T>(send: (value: T) => Promise<void>): (value: T) => void {
  let next: { value: T } | undefined;
  let isSending = false;

  const sendAll = async () => {
    isSending = true;
    while (next) {
      const { value } = next;
      next = undefined;
      await send(value);
    }
    isSending = false;
  };
  return (value) => {
    next = { value };
    if (!isSending) void sendAll();
  };
}
