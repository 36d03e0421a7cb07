/** Joins with messages from this package's nodes: before a queue, and behind a worker. */
import assert from 'node:assert/strict';
import { broker, enqueue, fn, n, queue, sink, subscribe, worker } from '../../helpers/flow.ts';
import { sharedMosquitto } from '../../helpers/mosquitto.ts';
import { sharedNodeRed, untilStatus } from '../../helpers/node-red.ts';
import { publisher } from '../../helpers/publisher.ts';
import { sharedRedis } from '../../helpers/redis.ts';
import { describeWith } from '../../helpers/requires.ts';
import { probe } from '../../helpers/test-nodes.ts';
import { unique } from '../../helpers/unique.ts';

const join = (count: number, next: string) =>
  n('join', 'join', [next], {
    mode: 'custom',
    build: 'array',
    count: `${count}`,
    propertyType: 'msg',
    property: 'payload',
  });

describeWith(['mosquitto', 'redis'], 'settlement: a join', () => {
  afterEach(async () => (await sharedNodeRed()).deploy([]));

  it('before fp-enqueue acknowledges none of its messages until the job is stored', async () => {
    const red = await sharedNodeRed();
    const topic = unique('topic');
    await red.deploy([
      broker(sharedMosquitto()),
      queue({ store: 'redis', redis_url: 'redis://127.0.0.1:1' }),
      subscribe(topic, ['join', 'join'], { qos: '1' }),
      join(10, 'enqueue'),
      enqueue(),
    ]);
    await untilStatus(red, 'subscribe', '0 received');
    const client = await publisher(sharedMosquitto());
    for (let payload = 0; payload < 10; payload += 1)
      await client.publishAsync(topic, `${payload}`, { qos: 1 });
    await client.endAsync();
    await untilStatus(red, 'subscribe', '10 held by enqueue, 10 received');
  });

  it('behind fp-worker makes all its jobs dead letters if the joined message fails', async () => {
    const red = await sharedNodeRed();
    const dead = probe('dead');
    const completed = probe('completed');
    await red.deploy([
      queue({ store: 'redis', redis_url: `redis://127.0.0.1:${sharedRedis().port}` }),
      enqueue([], { pipeline: 'pipe', pipeline_type: 'str' }),
      worker(['join', 'completed', 'dead'], { concurrency: '5' }),
      join(5, 'fails'),
      fn('fails', 'throw new Error("boom");'),
      sink('dead'),
      sink('completed'),
    ]);
    for (let payload = 0; payload < 5; payload += 1) red.node('enqueue').receive({ payload });
    await dead.got(5);
    assert.deepEqual(completed.messages, []);
    assert.deepEqual(
      dead.messages.map(({ error }) => (error as Error).message),
      Array.from({ length: 5 }, () => 'boom'),
    );
  });
});
