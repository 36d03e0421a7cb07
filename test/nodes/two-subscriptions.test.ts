import assert from 'node:assert/strict';
import { broker, enqueue, queue, sink, subscribe, worker } from '../helpers/flow.ts';
import { sharedMosquitto } from '../helpers/mosquitto.ts';
import { sharedNodeRed, untilStatus } from '../helpers/node-red.ts';
import { publisher } from '../helpers/publisher.ts';
import { describeWith } from '../helpers/requires.ts';
import { describeStores } from '../helpers/stores.ts';
import { probe } from '../helpers/test-nodes.ts';
import { unique } from '../helpers/unique.ts';

describeWith(['mosquitto'], 'two subscriptions with one fp-enqueue', () => {
  describeStores('at QoS 2', (address) => {
    it('make a job each of every message, however fast they come', async function () {
      const red = await sharedNodeRed();
      const server = sharedMosquitto();
      const topic = unique('topic');
      const ran = probe('ran');
      await red.deploy([
        broker(server),
        queue(await address()),
        { ...subscribe(`${topic}/a`, ['enqueue'], { pipeline: 'alarm' }), id: 'alarm' },
        { ...subscribe(`${topic}/#`, ['enqueue'], { pipeline: 'archive' }), id: 'archive' },
        enqueue(),
        worker(['ran', [], []], { concurrency: '20' }),
        sink('ran'),
      ]);
      await untilStatus(red, 'alarm', '0 received');
      await untilStatus(red, 'archive', '0 received');
      const client = await publisher(server);
      const numbers = Array.from({ length: 60 }, (_, number) => number);
      // mosquitto cuts off who has more than 20 under way.
      for (let first = 0; first < numbers.length; first += 15) {
        const burst = numbers.slice(first, first + 15);
        await Promise.all(burst.map((number) => client.publishAsync(`${topic}/a`, `${number}`, { qos: 2 })));
      }
      await client.endAsync();
      await ran.got(2 * numbers.length);
      const runs = ran.messages.map(({ pipeline, payload }) => `${String(pipeline)} ${String(payload)}`);
      assert.equal(runs.length, 2 * numbers.length);
      assert.equal(new Set(runs).size, runs.length);
      await red.deploy([]);
    });
  });
});
