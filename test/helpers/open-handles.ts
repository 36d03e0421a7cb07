/** Counts the handles that keep this process alive by kind, for instance `{ TCPSocketWrap: 1 }`. */
import { Socket } from 'node:net';

export type Handles = Record<string, number>;

/** Kinds that a test could leak: sockets, servers, processes, threads, timers. Not pipes to the test runner. */
const KINDS = ['TCPSocketWrap', 'TCPServerWrap', 'ProcessWrap', 'MessagePort', 'Timeout', 'FSEventWrap'];

export function openHandles(): Handles {
  const handles: Handles = {};
  for (const kind of process.getActiveResourcesInfo()) {
    if (KINDS.includes(kind)) handles[kind] = (handles[kind] ?? 0) + 1;
  }
  return handles;
}

/** Describes open handles beyond those in `allowed`, one line per kind. */
export function handlesBeyond(allowed: Handles): string[] {
  return Object.entries(openHandles())
    .filter(([kind, count]) => count > (allowed[kind] ?? 0))
    .map(([kind, count]) => `${count} ${kind}, expected ${allowed[kind] ?? 0}${ends(kind)}`);
}

/** Describes the two ends of each socket, which getActiveResourcesInfo() does not. */
function ends(kind: string): string {
  if (kind !== 'TCPSocketWrap') return '';
  const { _getActiveHandles } = process as unknown as { _getActiveHandles(): unknown[] };
  const sockets = _getActiveHandles.call(process).filter((handle) => handle instanceof Socket);
  return sockets
    .map((socket) => `; ${socket.localPort} to ${socket.remotePort}, ${socket.readyState}`)
    .join('');
}
