import assert from 'node:assert/strict';
import { Redis } from 'ioredis';
import { readPickle } from '../../src/index.ts';
import { readRqResult } from '../../src/queue/rq/read-result.ts';
import { openRqStore } from '../../src/queue/rq/rq-store.ts';
import { closing } from '../helpers/closing.ts';
import { describeGateway } from '../helpers/describe-gateway.ts';
import { enqueue, queue, sink, stats, subscribe, worker } from '../helpers/flow.ts';
import { sharedNodeRed, untilStatus } from '../helpers/node-red.ts';
import { flowerpowerPython } from '../helpers/python.ts';
import { sharedRedis } from '../helpers/redis.ts';
import { describeWith, isInstalled } from '../helpers/requires.ts';
import { runBurst } from '../helpers/rq.ts';
import { probe } from '../helpers/test-nodes.ts';
import { unique } from '../helpers/unique.ts';
import { until } from '../helpers/until.ts';

const address = () => ({ store: 'rq' as const, redis_url: `redis://127.0.0.1:${sharedRedis().port}` });
const config = (name: string, more: object = {}) =>
  queue(address(), { queue_name: name, function: 'rq_tasks.words_of', base_dir: '/srv/plant', ...more });

describeGateway('a queue of Python workers', (gateway) => {
  if (!isInstalled('flowerpower')) return;
  const later = closing();

  it('gets each message of the broker once, and its workers run them', async () => {
    const name = unique('queue');
    const stored = probe('stored');
    const { red, topic, session } = gateway;
    const flow = [session, config(name), subscribe(topic, ['enqueue'], { execution_mode: 'async' })];
    await red.deploy([...flow, enqueue(['stored']), sink('stored')]);
    await until('it is subscribed', () => red.status('subscribe')?.fill === 'green');
    for (let n = 0; n < 3; n++) await gateway.client.publishAsync(topic, `{"n":${n}}`, { qos: 2 });
    const messages = await stored.got(3);
    await runBurst(flowerpowerPython ?? '', { port: sharedRedis().port, queue: name });
    const store = openRqStore(address());
    later(() => store.close());
    for (const [n, msg] of messages.entries()) {
      const { id, queue: of } = msg['job'] as { id: string; queue: string };
      assert.equal(of, name);
      const result = await until('it has ended', () => readRqResult(store, id, readPickle));
      const words = `(('pipe', {'n': ${n}}, '/srv/plant', '${topic}', 2, {'execution_mode': 'async'}), {})`;
      assert.equal('value' in result ? result.value : result, words);
    }
  });
});

describeWith(['redis'], 'the nodes of a queue of Python workers', function () {
  const later = closing();

  it('a worker says in red who runs the jobs', async () => {
    const red = await sharedNodeRed();
    await red.deploy([config('plant'), worker([])]);
    later(() => red.deploy([]));
    await untilStatus(red, 'worker', /^Python runs these jobs: rq worker/);
    assert.equal(red.status('worker')?.fill, 'red');
  });

  it('fp-stats shows the numbers of RQ', async () => {
    const red = await sharedNodeRed();
    const name = unique('queue');
    const shown = probe('shown');
    await red.deploy([config(name), enqueue(['shown']), sink('shown'), stats(['shown'], { queue: 'queue' })]);
    later(() => red.deploy([]));
    red.node('enqueue').receive({ payload: 1, pipeline: 'p' });
    await shown.got(1);
    red.node('stats').receive({});
    const [, message] = await shown.got(2);
    const { job_queue_stats } = Object(message?.['payload']) as { job_queue_stats: object };
    assert.deepEqual(job_queue_stats, {
      queue_name: name,
      type: 'rq',
      waiting: 1,
      active: 0,
      delayed: 0,
      prioritized: 0,
      completed: 0,
      failed: 0,
      deferred: 0,
      canceled: 0,
      workers: 0,
      counted_to: Number.MAX_SAFE_INTEGER,
    });
  });

  it('priority 1 goes to the front, a delay into the scheduled jobs, attempts are retries', async () => {
    const red = await sharedNodeRed();
    const name = unique('queue');
    const stored = probe('stored');
    const given = {
      priority: 'priority',
      priority_type: 'msg',
      delay: 'delay',
      delay_type: 'msg',
      attempts: '3',
    };
    await red.deploy([config(name), enqueue(['stored'], given), sink('stored')]);
    later(() => red.deploy([]));
    for (const more of [{}, { priority: 1 }, { delay: 60_000 }]) {
      red.node('enqueue').receive({ payload: 1, ...more });
    }
    const ids = (await stored.got(3)).map((msg) => (msg['job'] as { id: string }).id);
    const redis = new Redis(sharedRedis().port);
    later(() => redis.disconnect());
    assert.deepEqual(await redis.lrange(`rq:queue:${name}`, 0, -1), [ids[1], ids[0]]);
    assert.deepEqual(await redis.zrange(`rq:scheduled:${name}`, 0, '-1'), [ids[2]]);
    assert.equal(await redis.hget(`rq:job:${ids[0]}`, 'retries_left'), '2');
  });
});
