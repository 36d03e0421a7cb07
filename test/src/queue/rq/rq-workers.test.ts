import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { Redis } from 'ioredis';
import { closing } from '../../../helpers/closing.ts';
import { job } from '../../../helpers/queue-bench.ts';
import { sharedRedis } from '../../../helpers/redis.ts';
import { describeWith } from '../../../helpers/requires.ts';
import {
  openRqBench,
  pythonWithRq,
  resultOf,
  rqReleases,
  runBurst,
  startRqWorker,
} from '../../../helpers/rq.ts';
import { temporaryDirectory } from '../../../helpers/servers.ts';
import { until } from '../../../helpers/until.ts';

const value = async (...found: Parameters<typeof resultOf>) => {
  const result = await resultOf(...found);
  assert.equal(result.state, 'finished', inspect(result));
  return 'value' in result ? result.value : undefined;
};

for (const { release, needs, python } of rqReleases) {
  describeWith(needs, `jobs for the workers of ${release}`, function () {
    const later = closing();
    const open = (options: Parameters<typeof openRqBench>[1] = {}) => {
      const bench = openRqBench(sharedRedis().port, options);
      later(() => bench.close());
      return bench;
    };
    const redis = () => {
      const client = new Redis(sharedRedis().port);
      later(() => client.disconnect());
      return client;
    };
    const port = () => sharedRedis().port;
    const burst = (queue: string, args: string[] = []) => runBurst(python, { port: port(), queue, args });

    const calls: [string, unknown, string][] = [
      ['an object', { a: [1, 2.5, null, true], ü: '😀' }, "{'a': [1, 2.5, None, True], 'ü': '😀'}"],
      ['a list', [1, [2]], '[1, [2]]'],
      ['a number', 2 ** 40, '1099511627776'],
      ['a bigint', 2n ** 70n, '1180591620717411303424'],
      ['bytes in an object', { b: Buffer.from('\0ÿ') }, "{'b': b'\\x00\\xc3\\xbf'}"],
      ['text', 'on', "{'raw_payload': 'on', 'payload_bytes': b'on'}"],
      ['bytes that are text', Buffer.from('on'), "{'raw_payload': 'on', 'payload_bytes': b'on'}"],
      ['bytes that are none', Buffer.from([255, 1]), "{'payload_bytes': b'\\xff\\x01', 'is_binary': True}"],
      ['nothing', undefined, "{'raw_payload': 'null', 'payload_bytes': b'null'}"],
    ];
    it('call the function as the listener of flowerpower-mqtt does, whatever the payload', async () => {
      const bench = open({ base_dir: '/srv/plant' });
      const added = await Promise.all(calls.map(([, payload]) => bench.producer.add(job(payload))));
      await burst(bench.queue);
      for (const [index, [what, , words]] of calls.entries()) {
        const expected = `(('pipeline', ${words}, '/srv/plant', 'a/b', 1, {'execution_mode': 'async'}), {})`;
        assert.equal(await value(bench, added[index]?.id ?? ''), expected, what);
      }
    });

    it('have the fields that Python itself writes, and the same values', async () => {
      const bench = open({
        max_retries: 2,
        timeout: 60,
        result_ttl: 100,
        failure_ttl: 200,
        backoff_delay: 0,
      });
      const { id } = await bench.producer.add(job({ a: 1 }));
      const fields = await pythonWithRq<Record<string, string>[]>(
        python,
        { port: port(), queue: bench.queue },
        [
          'from rq import Retry',
          'import zlib, pickle',
          `theirs = queue.enqueue('rq_tasks.words_of', 'pipeline', {'a': 1}, '.', 'a/b', 1, {'execution_mode': 'async'},`,
          `    job_timeout=60, result_ttl=100, failure_ttl=200, retry=Retry(max=2), description='pipeline: a/b')`,
          'def fields(id):',
          '    found = {k.decode(): v for k, v in connection.hgetall("rq:job:" + id).items()}',
          '    found["data"] = repr(pickle.loads(zlib.decompress(found["data"]))).encode()',
          '    return {k: v.decode() for k, v in found.items() if not k.endswith("ed_at")}',
          `print(json.dumps([fields('${id}'), fields(theirs.id)]))`,
        ],
      );
      const [ours = {}, { retry_intervals: _zero, ...theirs } = {}] = fields;
      // The fields of newer releases are empty, too.
      assert.deepEqual({ ...ours }, { ...ours, ...theirs });
      const more = Object.entries(ours).filter(([name]) => !(name in theirs) && name !== 'fp_attempts');
      assert.deepEqual(
        more.filter(([, text]) => text !== ''),
        [],
      );
    });

    it('come in the order in which they were added; one with priority 1 goes first', async () => {
      const file = join(temporaryDirectory('rq'), 'order');
      const bench = open({ function: 'rq_tasks.slow' });
      const add = (n: number, priority = 0) => bench.producer.add(job({ file, n, seconds: 0 }, { priority }));
      await Promise.all([add(1), add(2), add(3), add(4, 1), add(5, 2)]);
      await burst(bench.queue);
      const started = readFileSync(file, 'utf8').matchAll(/start (\d)/g);
      assert.equal([...started].map(([, n]) => n).join(''), '41235');
    });

    it('are tried again as often as they may, at once where no scheduler runs', async () => {
      const bench = open({ function: 'rq_tasks.flaky', max_retries: 2 });
      const file = join(temporaryDirectory('rq'), 'runs');
      const { id } = await bench.producer.add(job({ file, failures: 2 }));
      await burst(bench.queue);
      assert.equal(await value(bench, id), 'at last');
      assert.equal(readFileSync(file, 'utf8'), 'xxx');
    });

    it('fail with their traceback', async () => {
      const bench = open({ function: 'rq_tasks.fail', max_retries: 1 });
      const { id } = await bench.producer.add(job(1));
      await burst(bench.queue);
      const result = await resultOf(bench, id);
      assert.equal(result.state, 'failed');
      assert.match('traceback' in result ? result.traceback : '', /rq_tasks\.py[^]*ValueError: no luck/);
    });

    it('are run with a delay, and tried again with one, by a worker with a scheduler', async () => {
      const file = join(temporaryDirectory('rq'), 'runs');
      const bench = open({ function: 'rq_tasks.flaky', max_retries: 1, backoff: 'fixed', backoff_delay: 1 });
      const worker = startRqWorker(python, { port: port(), queue: bench.queue, args: ['--with-scheduler'] });
      later(() => worker.stop());
      await until('the scheduler runs', () => redis().exists(`rq:scheduler-lock:${bench.queue}`));
      const begin = Date.now();
      const { id } = await bench.producer.add(job({ file, failures: 1 }, { delay: 1500 }));
      // On a busy machine the first one may have run before it is looked at.
      const { id: last } = await bench.producer.add(job({ file, failures: 0 }, { delay: 3_600_000 }));
      assert.ok(await redis().zscore(`rq:scheduled:${bench.queue}`, last));
      assert.equal(await value(bench, id), 'at last');
      assert.ok(Date.now() - begin >= 2500, 'it came too early');
      assert.deepEqual(bench.warnings, []);
    });

    it('with a delay are told of when no scheduler runs', async () => {
      const bench = open();
      await bench.producer.add(job(1, { delay: 1000 }));
      await bench.producer.add(job(2, { delay: 1000 }));
      assert.equal(bench.warnings.length, 1);
      assert.match(bench.warnings[0] ?? '', /start one of its workers with --with-scheduler/);
    });

    it('end after their time', async () => {
      const file = join(temporaryDirectory('rq'), 'runs');
      const bench = open({ function: 'rq_tasks.slow', timeout: 1 });
      const { id } = await bench.producer.add(job({ file, n: 1, seconds: 30 }));
      await burst(bench.queue);
      const result = await resultOf(bench, id);
      assert.match('traceback' in result ? result.traceback : '', /JobTimeoutException/);
    });

    it('may run without end, and their results are kept as long as they say', async () => {
      const bench = open({ timeout: 0, result_ttl: 777 });
      const { id } = await bench.producer.add(job(1));
      assert.equal(await redis().hget(`rq:job:${id}`, 'timeout'), '-1');
      await burst(bench.queue);
      await resultOf(bench, id);
      const ttl = await redis().ttl(`rq:results:${id}`);
      assert.ok(ttl > 500 && ttl <= 777, `${ttl}`);
    });

    it('are read by workers with the JSON serializer, with integers of any size', async () => {
      const bench = open({ serializer: 'json', function: 'rq_tasks.same' });
      const message = { big: 2n ** 80n, text: 'ü', at: new Date(0), none: null, left: undefined };
      const { id } = await bench.producer.add(job(message));
      await burst(bench.queue, ['-S', 'rq.serializers.JSONSerializer']);
      assert.deepEqual(await value(bench, id), {
        big: 2n ** 80n,
        text: 'ü',
        at: '1970-01-01T00:00:00.000Z',
        none: null,
      });
    });

    it('give back plain data, and in words what is none', async () => {
      const data = { a: [1, 2n ** 70n, 0.5, null, true, 'ü'], b: Buffer.from('hi') };
      const same = open({ function: 'rq_tasks.same' });
      const opaque = open({ function: 'rq_tasks.opaque' });
      const [one, other] = [await same.producer.add(job(data)), await opaque.producer.add(job(1))];
      await Promise.all([burst(same.queue), burst(opaque.queue)]);
      assert.deepEqual(await value(same, one.id), data);
      assert.match(String(await value(opaque, other.id)), /only Python can read: .*rq_tasks\.Opaque/);
    });

    it('run a burst of 200, each once', async () => {
      const bench = open({ function: 'rq_tasks.same' });
      const adds = Array.from({ length: 200 }, (_, n) => bench.producer.add(job({ n })));
      const added = await Promise.all(adds);
      assert.equal(await redis().llen(`rq:queue:${bench.queue}`), 200);
      const workers = [0, 1].map(() => burst(bench.queue, ['--worker-class', 'rq.worker.SimpleWorker']));
      await Promise.all(workers);
      for (const [n, { id }] of added.entries()) assert.deepEqual(await value(bench, id), { n });
    });
  });
}
