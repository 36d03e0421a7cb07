/** What holds for every test file: servers stop at the end, and nothing may be left unhandled or open. */
import assert from 'node:assert/strict';
import { Socket } from 'node:net';
import { leftOut } from './requires.ts';
import { stopNodeRed } from './node-red.ts';
import { stopServers } from './servers.ts';
import { until } from './until.ts';

const unhandled: unknown[] = [];
const remember = (error: unknown) => unhandled.push(error);

/** The open sockets of this process, each by its two ends: what getActiveResourcesInfo() counts has no name. */
function openSockets(): string[] {
  const count = process.getActiveResourcesInfo().filter((kind) => kind === 'TCPSocketWrap').length;
  if (count === 0) return [];
  const { _getActiveHandles } = process as unknown as { _getActiveHandles(): unknown[] };
  const sockets = _getActiveHandles.call(process).filter((handle) => handle instanceof Socket);
  const ends = sockets.map((socket) => `${socket.localPort} to ${socket.remotePort}, ${socket.readyState}`);
  return [`${count} sockets`, ...ends];
}

export const mochaHooks: Mocha.RootHookObject = {
  beforeAll() {
    process.on('unhandledRejection', remember);
    process.on('uncaughtExceptionMonitor', remember);
  },
  async afterAll(this: Mocha.Context) {
    this.timeout(60_000);
    await stopNodeRed();
    await stopServers();
    for (const line of leftOut) console.log(line);
    process.off('unhandledRejection', remember);
    process.off('uncaughtExceptionMonitor', remember);
    await until('every socket is closed', () => openSockets().length === 0, 5000).catch(() => undefined);
    assert.deepEqual(openSockets(), [], 'sockets were left open');
    assert.deepEqual(unhandled, [], 'a rejection or exception was left unhandled');
  },
};
