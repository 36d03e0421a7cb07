import type { Connection } from './model.ts';

type Report = (connection: Connection) => void;

/** Reports changes of a connection: its state, and the reason of an outage, which attempts to reconnect may change. */
export function reportChanges(onConnection: Report, initial: Connection = { state: 'connecting' }) {
  let current = initial;
  let isClosed = false;
  return {
    /** Returns the current state, with the reason of the last attempt. */
    connection: (): Connection => current,
    report: (next: Connection): void => {
      if (isClosed) return;
      isClosed = next.state === 'closed';
      const isNews = next.state !== current.state || reasonOf(next) !== reasonOf(current);
      current = next;
      if (isNews) onConnection(next);
    },
  };
}

/**
 * Returns a function that calls `log` once per outage, not once per attempt: with the first reason while the connection is
 * `waiting`, and with each new reason while it is `failed`, because a person acts on these.
 */
export function oncePerOutage(log: Report): Report {
  let last: Connection | undefined;
  return (connection) => {
    const isNews = connection.state !== last?.state || connection.state === 'failed';
    last = connection;
    if (isNews) log(connection);
  };
}

function reasonOf(connection: Connection): string | undefined {
  return 'reason' in connection ? connection.reason : undefined;
}
