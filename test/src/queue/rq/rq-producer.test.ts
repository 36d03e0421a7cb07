import assert from 'node:assert/strict';
import { Redis } from 'ioredis';
import {
  InterruptedError,
  OptionsError,
  OverloadedError,
  SerializeError,
} from '../../../../src/base/errors.ts';
import { openRqStore, type RqStore } from '../../../../src/queue/rq/rq-store.ts';
import { openRqProducer } from '../../../../src/queue/rq/rq-producer.ts';
import type { RqQueueOptions } from '../../../../src/queue/rq/rq-options.ts';
import type { NewJob } from '../../../../src/queue/job/new-job.ts';
import { closing } from '../../../helpers/closing.ts';
import { openProxy } from '../../../helpers/proxy.ts';
import { job } from '../../../helpers/queue-bench.ts';
import { sharedRedis, startRedis } from '../../../helpers/redis.ts';
import { describeWith } from '../../../helpers/requires.ts';
import { openRqBench, type RqBench } from '../../../helpers/rq.ts';
import { freePort, temporaryDirectory } from '../../../helpers/servers.ts';
import { until } from '../../../helpers/until.ts';

describeWith(['redis'], 'a producer for RQ', function () {
  const later = closing();
  const bench = (port = sharedRedis().port, options: Parameters<typeof openRqBench>[1] = {}) => {
    const opened = openRqBench(port, options);
    later(() => opened.close());
    return opened;
  };
  const client = (port = sharedRedis().port) => {
    const opened = new Redis(port);
    later(() => opened.disconnect());
    return opened;
  };
  const waiting = ({ queue }: RqBench, redis = client()) => redis.lrange(`rq:queue:${queue}`, 0, -1);
  /** Stops before anything is done about it, as a crash does. */
  const finish = (id: string) => client().hset(`rq:job:${id}`, 'status', 'finished');

  describe('of a message with QoS 2', () => {
    const message = (dup: boolean): NewJob => job(1, { once: { key: 'exchange 7', dup } });

    it('makes one job, also when it comes again after a crash', async () => {
      const first = bench();
      const { id, deduplicated } = await first.producer.add(message(false));
      const restarted = bench(undefined, { queue_name: first.queue });
      const again = await restarted.producer.add(message(true));
      assert.deepEqual([deduplicated, again.deduplicated, again.id], [false, true, id]);
      assert.deepEqual(await waiting(first), [id]);
    });

    it('makes one job also when that has run and is gone before it comes again', async () => {
      const one = bench();
      const { id } = await one.producer.add(message(false));
      await client().del(`rq:job:${id}`);
      assert.equal((await one.producer.add(message(true))).deduplicated, true);
    });

    it('makes a new job for a new message that has the name of an older one', async () => {
      const one = bench();
      const { id } = await one.producer.add(message(false));
      const other = await one.producer.add(message(false));
      assert.deepEqual(await waiting(one), [id, other.id]);
      assert.equal((await one.producer.add(message(true))).id, other.id);
    });

    it('makes a new job once its key is forgotten', async () => {
      const one = bench();
      const { id } = await one.producer.add(message(false));
      await one.producer.forget('exchange 7');
      assert.notEqual((await one.producer.add(message(true))).id, id);
    });
  });

  describe('with a unique key', () => {
    const unlike = (n: number, ttl?: number, extend?: boolean): NewJob =>
      job(n, {
        deduplication: { id: 'sensor', ...(ttl !== undefined && { ttl }), ...(extend && { extend }) },
      });

    it('adds no second job while the first has not finished', async () => {
      const one = bench();
      const { id } = await one.producer.add(unlike(1));
      assert.deepEqual(await one.producer.add(unlike(2)), {
        id,
        name: 'pipeline',
        queue: one.queue,
        deduplicated: true,
      });
      await finish(id);
      assert.equal((await one.producer.add(unlike(3))).deduplicated, false);
    });

    it('adds no second job for a time, whatever becomes of the first', async () => {
      const one = bench();
      const { id } = await one.producer.add(unlike(1, 60_000));
      await finish(id);
      assert.equal((await one.producer.add(unlike(2, 60_000))).id, id);
      const [key = ''] = await client().keys(`fp:rq:${one.queue}:*`);
      const left = await client().pttl(key);
      assert.ok(left > 0 && left <= 60_000, `${left} ms`);
      await client().pexpire(key, 1);
      await until('the time is over', async () => (await one.producer.add(unlike(3, 60_000))).id !== id);
    });

    it('begins the time anew with each job that is turned away, if it should', async () => {
      const one = bench();
      await one.producer.add(unlike(1, 90_000, true));
      const [key = ''] = await client().keys(`fp:rq:${one.queue}:*`);
      await client().pexpire(key, 30_000);
      assert.equal((await one.producer.add(unlike(2, 90_000, true))).deduplicated, true);
      assert.ok((await client().pttl(key)) > 30_000);
    });
  });

  describe('whose Redis is away', () => {
    it('waits for it, and adds each job once, also when answers were lost', async () => {
      const redis = await startRedis();
      later(() => redis.stop());
      const proxy = await openProxy(() => redis.port);
      later(() => proxy.close());
      const one = bench(proxy.port);
      const adds: Promise<unknown>[] = [];
      for (let round = 0; round < 20; round++) {
        for (let n = 0; n < 20; n++) adds.push(one.producer.add(job(n)));
        await new Promise(setImmediate);
        if (round % 3 === 0) proxy.cut();
      }
      await Promise.all(adds);
      const ids = await waiting(one, client(redis.port));
      assert.deepEqual([ids.length, new Set(ids).size], [400, 400]);
    });

    it('loses nothing when an append-only Redis restarts', async () => {
      const place = { port: await freePort(), directory: temporaryDirectory('redis') };
      const always = { ...place, args: ['--appendfsync', 'always'] };
      let redis = await startRedis(always);
      const one = bench(place.port);
      later(() => redis.stop());
      const adds: Promise<unknown>[] = [];
      for (let round = 0; round < 3; round++) {
        for (let n = 0; n < 50; n++) adds.push(one.producer.add(job(n)));
        await adds[0];
        redis.process.kill('SIGKILL');
        await redis.stop();
        adds.push(one.producer.add(job('while it is away')));
        redis = await startRedis(always);
      }
      await Promise.all(adds);
      assert.equal((await waiting(one, client(place.port))).length, 153);
    });

    it('interrupts what waits when it closes', async () => {
      const one = bench(await freePort());
      const added = assert.rejects(one.producer.add(job(1)), InterruptedError);
      assert.equal(one.producer.waiting(), 1);
      await one.producer.close(0);
      await added;
    });

    it('takes no more than may wait', async () => {
      const one = bench(await freePort(), { limits: { waiting: 2 } });
      const added = [1, 2].map((n) => one.producer.add(job(n)).catch(() => undefined));
      await assert.rejects(one.producer.add(job(3)), OverloadedError);
      await one.producer.close(0);
      await Promise.all(added);
    });
  });

  it('writes nothing where the queue is something else, and goes on when that is gone', async () => {
    const one = bench();
    await client().set(`rq:queue:${one.queue}`, 'rubbish');
    const adding = one.producer.add(job(1));
    await until('it says why', () =>
      one.warnings.some((text) => /jobs wait to be stored: .*WRONGTYPE/.test(text)),
    );
    await client().del(`rq:queue:${one.queue}`);
    const { id } = await adding;
    assert.deepEqual(await waiting(one), [id]);
    assert.equal(await client().hget(`rq:job:${id}`, 'status'), 'queued');
  });

  const wrong: [string, Partial<NewJob>, RegExp][] = [
    ['a name with a control character', { name: 'a\n' }, /name of the pipeline/],
    ['a delay that is no number', { delay: Number.NaN }, /delay must be/],
    ['too many attempts', { attempts: 5000 }, /attempts must be/],
    ['a unique key that replaces', { deduplication: { id: 'a', replace: true } }, /RQ has no such thing/],
  ];
  for (const [what, more, words] of wrong) {
    it(`refuses a job with ${what}`, async () => {
      const adding = bench().producer.add(job(1, more));
      await assert.rejects(adding, (error) => error instanceof OptionsError && words.test(error.message));
    });
  }

  it('names the property that cannot be written', async () => {
    const one = bench();
    const loop: unknown[] = [];
    loop.push(loop);
    await assert.rejects(
      one.producer.add(job({ a: [() => 1] })),
      /^SerializeError: msg\.payload\.a\[0\] cannot be stored/,
    );
    await assert.rejects(one.producer.add(job(loop)), SerializeError);
    const inJson = bench(undefined, { serializer: 'json' });
    await assert.rejects(
      inJson.producer.add(job('text')),
      /msg\.payload\.payload_bytes .*choose the serializer pickle/,
    );
    await assert.rejects(inJson.producer.add(job({ a: Number.NaN })), /msg\.payload\.a .*JSON has no NaN/);
  });

  const mistakes: [string, Partial<RqQueueOptions>][] = [
    ['a function that is none', { function: 'os.system("x")' }],
    ['a function without a module', { function: 'eval' }],
    ['a queue name with a colon', { queue_name: 'a:b' }],
    ['a time that is no number', { timeout: '5m' as never }],
    ['a time for results that is too long', { result_ttl: 1e15 }],
    ['a serializer that RQ does not have', { serializer: 'yaml' as never }],
  ];
  for (const [what, options] of mistakes) {
    it(`does not open with ${what}`, () => {
      const store = { warn: assert.fail } as unknown as RqStore;
      assert.throws(() => openRqProducer(store, options), OptionsError);
    });
  }

  it('does not open on a Cluster, or where all keys have a prefix', () => {
    for (const redis_options of [{ cluster: [{ host: 'a' }] }, { keyPrefix: 'a' }]) {
      assert.throws(() => openRqStore({ store: 'rq', redis_options }), OptionsError);
    }
  });

  it('writes descriptions that break no log', async () => {
    const one = bench();
    const { id } = await one.producer.add({
      name: 'p',
      msg: { payload: 1, topic: `a\n\u001b[31m${'x'.repeat(500)}` },
    });
    const text = await client().hget(`rq:job:${id}`, 'description');
    assert.match(text ?? '', /^p: a\ufffd\ufffd\[31mx{100,190}$/);
  });

  it('writes the jobs of a burst together', async () => {
    const redis = await startRedis();
    later(() => redis.stop());
    const one = bench(redis.port);
    await one.producer.add(job(0));
    const admin = client(redis.port);
    await admin.config('RESETSTAT');
    await Promise.all(Array.from({ length: 300 }, (_, n) => one.producer.add(job(n))));
    const [, calls = ''] = /cmdstat_evalsha:calls=(\d+)/.exec(await admin.info('commandstats')) ?? [];
    assert.ok(Number(calls) >= 1 && Number(calls) <= 2, `${calls} writes`);
  });
});
