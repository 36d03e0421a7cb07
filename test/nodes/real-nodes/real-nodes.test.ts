/** Real nodes of other authors, in both places where they stand, and what becomes of a delivery in each. */
import assert from 'node:assert/strict';
import { sharedNodeRed, type TestNodeRed } from '../../helpers/node-red.ts';
import { sharedRedis } from '../../helpers/redis.ts';
import { describeWith } from '../../helpers/requires.ts';
import { freePort } from '../../helpers/servers.ts';
import { loadPackages } from './load-packages.ts';
import { measure } from './measure.ts';
import { beforeEnqueue, behindWorker, type Place } from './places.ts';
import { reachOf } from './real-node.ts';
import { contributed, core } from './table.ts';
import { startWatchedBroker, type WatchedBroker } from './watched-broker.ts';

describeWith(['redis'], 'real nodes', function () {
  let red: TestNodeRed;
  let mqtt: WatchedBroker;
  const store = () => ({ store: 'redis' as const, redis_url: `redis://127.0.0.1:${sharedRedis().port}` });

  before(async function () {
    red = await sharedNodeRed();
    await loadPackages(red, Object.keys(contributed));
    mqtt = await startWatchedBroker();
  });
  afterEach(() => red.deploy([]));
  after(() => mqtt.close());

  const places: [string, () => Place][] = [
    ['in front of fp-enqueue', () => beforeEnqueue(store(), mqtt)],
    ['behind fp-worker', () => behindWorker(store())],
  ];
  for (const row of [...core, ...Object.values(contributed).flat()]) {
    for (const [where, open] of places) {
      it(`${row.node} ${row.does}: ${row.outcome}, ${where}`, async () => {
        const at = {
          http: red.url,
          httpPort: Number(new URL(red.url).port),
          mqttPort: mqtt.port,
          redisPort: sharedRedis().port,
          freePort: await freePort(),
        };
        const measured = await measure(row, open(), { red, at });
        assert.deepEqual(measured, { outcome: row.outcome, reach: reachOf(row) });
      });
    }
  }
});
