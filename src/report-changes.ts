import type { Connection } from './model.ts';

/** Passes a connection's state on when it changes, so that a server that is away for an hour is told of once. */
export function reportChanges(
  onConnection: (connection: Connection) => void,
  initial: Connection = { state: 'connecting' },
) {
  let current = initial;
  let isClosed = false;
  return {
    /** The newest state, with the reason of the newest try. */
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

/** Why a server is away may change from try to try; why a person is needed is worth telling again. */
function isSame(one: Connection, other: Connection): boolean {
  if (one.state === 'failed' && other.state === 'failed') return one.reason === other.reason;
  return one.state === other.state;
}
