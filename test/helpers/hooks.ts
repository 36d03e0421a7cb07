/** What holds for every test file: servers stop at the end, and nothing may be left unhandled or open. */
import assert from 'node:assert/strict';
import { leftOut } from './requires.ts';
import { stopNodeRed } from './node-red.ts';
import { stopServers } from './servers.ts';
import { until } from './until.ts';

const unhandled: unknown[] = [];
const remember = (error: unknown) => unhandled.push(error);

export const mochaHooks: Mocha.RootHookObject = {
  beforeAll() {
    process.on('unhandledRejection', remember);
    process.on('uncaughtExceptionMonitor', remember);
  },
  async afterAll(this: Mocha.Context) {
    this.timeout(60_000);
    await stopNodeRed();
    await until('every socket is closed', () => !process.getActiveResourcesInfo().includes('TCPSocketWrap'));
    await stopServers();
    for (const line of leftOut) console.log(line);
    process.off('unhandledRejection', remember);
    process.off('uncaughtExceptionMonitor', remember);
    assert.deepEqual(unhandled, [], 'a rejection or exception was left unhandled');
  },
};
