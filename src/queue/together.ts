/**
 * Makes one call of many: what comes while one runs goes into the next, and all in it share its outcome.
 *
 * @returns takes one item; settles as the call with it does
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
