import type { Connection } from './model.ts';

/** Reports changes of a connection's state, so that an outage is reported once and not for every attempt. */
export function reportChanges(
  onConnection: (connection: Connection) => void,
  initial: Connection = { state: 'connecting' },
) {
  let current = initial;
  let isClosed = false;
  return {
    /** Returns the current state, with the reason of the last attempt. */
    connection: (): Connection => current,
    report: (next: Connection): void => {
      if (isClosed) return;
      isClosed = next.state === 'closed';
      const isNews = !isSame(current, next);
      current = next;
      if (isNews) onConnection(next);
    },
  };
}

/** Compares states. The reason only counts for `failed`; for other states it may change with every attempt. */
function isSame(one: Connection, other: Connection): boolean {
  if (one.state === 'failed' && other.state === 'failed') return one.reason === other.reason;
  return one.state === other.state;
}
