import type { Connection } from '../../model.ts';

/** Passes a connection's state on when it changes, so that a store that is away for an hour is told of once. */
export function reportChanges(onConnection: (connection: Connection) => void) {
  let current: Connection = { state: 'connecting' };
  return {
    connection: (): Connection => current,
    report: (next: Connection): void => {
      if (current.state === 'closed' || isSame(current, next)) return;
      current = next;
      onConnection(next);
    },
  };
}

/** Why a store is away may change from try to try; why a person is needed is worth telling again. */
function isSame(one: Connection, other: Connection): boolean {
  if (one.state === 'failed' && other.state === 'failed') return one.reason === other.reason;
  return one.state === other.state;
}
