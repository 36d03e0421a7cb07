/** What holds for every test file: servers stop at the end, and nothing may be left unhandled or open. */
import { leftOut } from './requires.ts';
import { stopNodeRed } from './node-red.ts';
import { stopServers } from './servers.ts';

export const mochaHooks: Mocha.RootHookObject = {
  async afterAll(this: Mocha.Context) {
    this.timeout(30_000);
    await stopNodeRed();
    await stopServers();
    for (const line of leftOut) console.log(line);
  },
};
