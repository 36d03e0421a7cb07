import assert from 'node:assert/strict';
import { broker, enqueue, fn, queue, sink, subscribe, worker } from '../helpers/flow.ts';
import { sharedMosquitto } from '../helpers/mosquitto.ts';
import { sharedNodeRed, untilStatus } from '../helpers/node-red.ts';
import { publisher } from '../helpers/publisher.ts';
import { sharedRedis } from '../helpers/redis.ts';
import { describeWith } from '../helpers/requires.ts';
import { probe } from '../helpers/test-nodes.ts';
import { unique } from '../helpers/unique.ts';
import { until } from '../helpers/until.ts';

/** FP_MESSAGES=20000 runs more. */
const count = Number(process.env['FP_MESSAGES'] ?? 3000);

describeWith(['mosquitto', 'redis'], 'from the broker to completed jobs', function () {
  this.timeout(300_000);

  it(`${count} messages at QoS 1 are each completed exactly once`, async () => {
    const [red, mosquitto, redis] = [await sharedNodeRed(), sharedMosquitto(), sharedRedis()];
    const topic = unique('topic');
    const [ran, completed] = [probe('ran'), probe('completed')];
    await red.deploy([
      broker(mosquitto),
      queue({ store: 'redis', redis_url: `redis://127.0.0.1:${redis.port}` }),
      subscribe(topic, ['enqueue'], { qos: 1 }),
      enqueue(),
      worker(['one', 'completed', []], { concurrency: '50' }),
      fn('one', 'msg.payload += 1; return msg', ['two']),
      fn('two', 'msg.payload -= 1; return msg', ['ran']),
      sink('ran'),
      sink('completed'),
    ]);
    await untilStatus(red, 'subscribe', '0 received');
    const client = await publisher(mosquitto);
    const numbers = Array.from({ length: count }, (_value, i) => i);
    await Promise.all(numbers.map((number) => client.publishAsync(topic, `${number}`, { qos: 1 })));
    await until('all are completed', () => completed.messages.length >= count, 280_000);
    await client.endAsync();
    await red.deploy([]);
    for (const { messages } of [ran, completed]) {
      const seen = messages.map(({ payload }) => Number(payload)).toSorted((one, other) => one - other);
      assert.deepEqual(seen, numbers);
    }
  });
});
