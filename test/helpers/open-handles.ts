/** What keeps this process alive: how many of each kind, for instance `{ TCPSocketWrap: 1 }`. */
import { Socket } from 'node:net';

export type Handles = Record<string, number>;

/** Kinds that a test may leave behind: sockets, servers, processes, threads, timers. Pipes to the test runner are none. */
const KINDS = ['TCPSocketWrap', 'TCPServerWrap', 'ProcessWrap', 'MessagePort', 'Timeout', 'FSEventWrap'];

export function openHandles(): Handles {
  const handles: Handles = {};
  for (const kind of process.getActiveResourcesInfo()) {
    if (KINDS.includes(kind)) handles[kind] = (handles[kind] ?? 0) + 1;
  }
  return handles;
}

/** Which handles are open beyond those of `allowed`, a line for each kind. */
export function handlesBeyond(allowed: Handles): string[] {
  return Object.entries(openHandles())
    .filter(([kind, count]) => count > (allowed[kind] ?? 0))
    .map(([kind, count]) => `${count} ${kind}, expected ${allowed[kind] ?? 0}${ends(kind)}`);
}

/** The two ends of each socket: what getActiveResourcesInfo() counts has no name. */
function ends(kind: string): string {
  if (kind !== 'TCPSocketWrap') return '';
  const { _getActiveHandles } = process as unknown as { _getActiveHandles(): unknown[] };
  const sockets = _getActiveHandles.call(process).filter((handle) => handle instanceof Socket);
  return sockets
    .map((socket) => `; ${socket.localPort} to ${socket.remotePort}, ${socket.readyState}`)
    .join('');
}
