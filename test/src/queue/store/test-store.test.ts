import assert from 'node:assert/strict';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { OptionsError, TimedOutError } from '../../../../src/base/errors.ts';
import type { StoreOptions } from '../../../../src/queue/store/store-options.ts';
import { testStore } from '../../../../src/queue/store/test-store.ts';
import { describeWith } from '../../../helpers/requires.ts';
import { freePort } from '../../../helpers/servers.ts';
import { storeCases } from '../../../helpers/stores.ts';

for (const { kind, servers, address } of storeCases) {
  describeWith(servers, `the test of a store (${kind})`, () => {
    it('returns the server and its version', async function () {
      assert.match(await testStore(await address()), /^(Redis|Valkey|PostgreSQL) \d+\.\d+/);
    });
  });
}

describe('the test of an unreachable store', () => {
  const options = (port: number): StoreOptions[] => [
    { store: 'redis', redis_url: `redis://127.0.0.1:${port}` },
    { store: 'postgres', postgres_url: `postgres://127.0.0.1:${port}/postgres` },
  ];

  it('reports the reason', async () => {
    for (const one of options(await freePort())) {
      await assert.rejects(testStore(one), /ECONNREFUSED/, one.store);
    }
    await assert.rejects(testStore({ store: 'redis', redis_url: 'x' }), OptionsError);
  });

  it('times out if the server does not answer', async () => {
    const silent: Server = createServer((socket) => socket.resume());
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const { port } = silent.address() as AddressInfo;
    await Promise.all(
      options(port).map((one) => assert.rejects(testStore(one, 300), TimedOutError, one.store)),
    );
    await new Promise((resolve) => silent.close(resolve));
  });
});
