import assert from 'node:assert/strict';
import { openStore, openInspector, type StoreOptions } from '../../src/index.ts';
import { enqueue, queue, schedule, sink, worker } from '../helpers/flow.ts';
import { sharedNodeRed, untilStatus, type FlowNode, type TestNodeRed } from '../helpers/node-red.ts';
import { sharedRedis } from '../helpers/redis.ts';
import { describeWith } from '../helpers/requires.ts';
import { describeStores } from '../helpers/stores.ts';
import { probe } from '../helpers/test-nodes.ts';
import { until } from '../helpers/until.ts';

const rarely = { pattern: '0 0 1 1 *', tz: 'Europe/Berlin' };

async function schedulesIn(address: StoreOptions, { queue_name }: FlowNode): Promise<string[]> {
  const store = openStore(address);
  try {
    return (await openInspector(store, String(queue_name)).schedules()).map(({ key }) => key);
  } finally {
    await store.close();
  }
}

describeStores('fp-schedule', (address) => {
  let red: TestNodeRed;

  before(async () => {
    red = await sharedNodeRed();
  });
  afterEach(() => red.deploy([]));

  it('adds jobs, which a worker runs', async () => {
    const run = probe('run');
    const nightly = { pipeline: 'report', payload: '{"days": 1}', payload_type: 'json', topic: 'hall' };
    await red.deploy([
      queue(await address()),
      schedule({ ...nightly, times: 'every', every: '0.5' }),
      worker(['run', [], []]),
      sink('run'),
    ]);
    const [msg] = await run.got(2);
    assert.deepEqual([msg['payload'], msg['topic'], msg['pipeline']], [{ days: 1 }, 'hall', 'report']);
    await untilStatus(red, 'schedule', 'every 0.5 s');
  });

  it('stores its schedule until it is switched off, or removed', async () => {
    const where = await address();
    const queueNode = queue(where);
    const stored = (count: number) =>
      until(`${count} schedules`, async () => (await schedulesIn(where, queueNode)).length === count);
    await red.deploy([queueNode, schedule(rarely)]);
    await stored(1);
    await untilStatus(red, 'schedule', /^next \d{4}-/);
    await red.deploy([queueNode, schedule({ ...rarely, enabled: false })]);
    await untilStatus(red, 'schedule', 'switched off');
    await stored(0);
    // The queue stays open: a removed node has some seconds, in which a slow machine may not connect anew.
    await red.deploy([queueNode, enqueue(), schedule(rarely)]);
    await stored(1);
    await red.deploy([queueNode, enqueue(), schedule({ ...rarely, name: 'changed' })], 'nodes');
    await red.deploy([queueNode, enqueue()], 'nodes');
    await stored(0);
  });
});

describeWith(['redis'], 'fp-schedule', () => {
  let red: TestNodeRed;
  const redis = () => ({ store: 'redis' as const, redis_url: `redis://127.0.0.1:${sharedRedis().port}` });

  before(async () => {
    red = await sharedNodeRed();
  });
  afterEach(() => red.deploy([]));

  it('takes its schedule along to another queue', async () => {
    const first = queue(redis());
    const second = { ...queue(redis()), id: 'second' };
    await red.deploy([first, second, schedule(rarely)]);
    await until('it is stored', async () => (await schedulesIn(redis(), first)).length === 1);
    await red.deploy([first, second, schedule({ ...rarely, queue: 'second' })]);
    await until('it is in the second', async () => (await schedulesIn(redis(), second)).length === 1);
    await until('it has left the first', async () => (await schedulesIn(redis(), first)).length === 0);
  });

  for (const [what, properties, text] of [
    ['pattern', { pattern: '0 25 * * *' }, /invalid hour/],
    ['pattern that never comes', { pattern: '0 0 31 2 *' }, /invalid/],
    ['time zone', { tz: 'Mars/Base' }, /must be a time zone/],
    ['payload', { payload: '{', payload_type: 'json' }, /^invalid payload/],
  ] as const) {
    it(`shows an invalid ${what}`, async () => {
      await red.deploy([queue(redis()), schedule(properties)]);
      await untilStatus(red, 'schedule', text);
      assert.equal(red.status('schedule').fill, 'red');
    });
  }

  it('refuses a queue of RQ', async () => {
    await red.deploy([queue({ ...redis(), store: 'rq' }), schedule(rarely)]);
    await untilStatus(red, 'schedule', /RQ keeps no schedules/);
  });
});
