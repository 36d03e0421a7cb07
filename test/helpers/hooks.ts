/** What holds for every test file: servers stop at the end, and nothing may be left unhandled or open. */
import assert from 'node:assert/strict';
import { leftOut } from './requires.ts';
import { stopNodeRed } from './node-red.ts';
import { stopServers } from './servers.ts';
import { until } from './until.ts';

const unhandled: unknown[] = [];
const remember = (error: unknown) => unhandled.push(error);

/** Told, not failed: in a run of all suites one socket of a test's own still stays open, see docs/development.md. */
async function reportOpenSockets(): Promise<void> {
  const open = () => process.getActiveResourcesInfo().filter((kind) => kind === 'TCPSocketWrap').length;
  await until('every socket is closed', () => open() === 0, 5000).catch(() => undefined);
  if (open() > 0) console.log(`left open: ${open()} sockets`);
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
    await reportOpenSockets();
    for (const line of leftOut) console.log(line);
    process.off('unhandledRejection', remember);
    process.off('uncaughtExceptionMonitor', remember);
    assert.deepEqual(unhandled, [], 'a rejection or exception was left unhandled');
  },
};
