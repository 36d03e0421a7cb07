import assert from 'node:assert/strict';
import { deflateSync } from 'node:zlib';
import { Redis } from 'ioredis';
import type { JobState } from '../../../../src/base/model.ts';
import { readPickle } from '../../../../src/payload/pickle/pickle.ts';
import { inspectRq } from '../../../../src/queue/rq/inspect/inspect-rq.ts';
import { allStates } from '../../../../src/queue/rq/inspect/states.ts';
import { closing } from '../../../helpers/closing.ts';
import { sharedRedis } from '../../../helpers/redis.ts';
import { describeWith } from '../../../helpers/requires.ts';
import { openRqBench } from '../../../helpers/rq.ts';

/** `os.system('touch /tmp/owned')` as a pickle. */
const EVIL = Buffer.from("cos\nsystem\n(S'touch /tmp/owned'\ntR.");
/** Little that becomes 64 MiB. */
const BOMB = deflateSync(Buffer.alloc(64 * 1_048_576), { level: 9 });

const jobs: Record<string, Record<string, string | Buffer>> = {
  'no-data': { status: 'queued' },
  'evil-pickle': { status: 'queued', data: EVIL },
  'evil-zlib': { status: 'queued', data: deflateSync(EVIL) },
  bomb: { status: 'queued', data: BOMB },
  garbage: { status: 'queued', data: Buffer.from([0, 255, 1, 2]) },
  'not-a-call': { status: 'queued', data: '[1, 2]' },
  'deep-json': { status: 'queued', data: '['.repeat(5000) },
  'memo-bomb': { status: 'queued', data: Buffer.from(`(lp0\n${'(lp1\ng0\nag0\na0'.repeat(100)}.`) },
  times: { status: 'queued', created_at: 'yesterday', started_at: '\0', ended_at: '9'.repeat(500) },
  numbers: { status: 'queued', retries_left: '1e999', fp_attempts: '-5' },
  long: { status: 'queued', description: 'x'.repeat(3_000_000), worker_name: 'y'.repeat(3_000_000) },
  'strange-status': { status: '__proto__' },
  'a:b': { status: 'queued' },
  '\u001b[31mred\n': { status: 'queued', description: '\u001b[2J' },
};

describeWith(['redis'], 'a queue of RQ with hostile content', function () {
  const later = closing();
  let redis: Redis;
  beforeEach(() => {
    redis = new Redis(sharedRedis().port);
    later(() => redis.disconnect());
  });
  const open = () => {
    const bench = openRqBench(sharedRedis().port);
    later(() => bench.close());
    return { ...bench, inspector: inspectRq(bench.store, { queue_name: bench.queue, readPickle }) };
  };

  it('is listed in every state, with what can be read', async () => {
    const { queue, inspector } = open();
    const prefix = queue.replace('queue_', '');
    for (const [name, fields] of Object.entries(jobs)) {
      const id = `${prefix}${name}`;
      await redis.hset(`rq:job:${id}`, { origin: queue, ...fields });
      await redis.rpush(`rq:queue:${queue}`, id);
      for (const set of ['wip', 'finished', 'failed', 'scheduled', 'deferred', 'canceled']) {
        await redis.zadd(`rq:${set}:${queue}`, '+inf', id);
      }
    }
    await redis.set(`rq:job:${prefix}text`, 'no hash');
    await redis.rpush(`rq:queue:${queue}`, `${prefix}text`, 'nobody', '');
    const began = Date.now();
    for (const state of allStates) {
      for (const order of ['newest', 'oldest'] as const) {
        const { rows } = await inspector.list({ state: state as JobState, order });
        assert.ok(rows.length >= 12, `${state}: ${rows.length}`);
        for (const row of rows) {
          assert.ok(row.name.length <= 200 && !Number.isNaN(row.addedAt.getTime()));
          assert.ok(row.attempt >= 0 && row.attempts >= 1);
        }
      }
    }
    assert.ok(Date.now() - began < 60_000);
    await inspector.state();
    await inspector.counts();
  });

  it('has jobs that are shown one by one, or said not to be there', async () => {
    const { queue, inspector } = open();
    for (const [name, fields] of Object.entries(jobs)) {
      const id = `${queue}${name}`;
      await redis.hset(`rq:job:${id}`, { origin: queue, ...fields });
      const shown = await inspector.show(id).catch((error: Error) => error);
      if (shown instanceof Error) assert.match(shown.message, /has no job/);
      else assert.equal(shown.queue, queue);
    }
    await redis.set(`rq:job:${queue}`, 'no hash');
    await assert.rejects(inspector.show(queue), /has no job/);
    await assert.rejects(inspector.remove(queue), /has no job/);
  });

  const results: [string, Record<string, string>, RegExp][] = [
    [
      'a pickle that runs something',
      { type: '1', return_value: Buffer.concat([Buffer.from([0x80, 2]), EVIL]).toString('base64') },
      /only Python can read: .*os\.system/,
    ],
    [
      'a result that is too long',
      { type: '1', return_value: 'A'.repeat(2_000_000) },
      /a result of 2000000 bytes/,
    ],
    [
      'a traceback that is a bomb',
      { type: '2', exc_string: BOMB.toString('base64') },
      /a traceback that cannot be read/,
    ],
    ['a traceback that is none', { type: '2', exc_string: '!!!' }, /a traceback/],
    ['an unknown type', { type: 'x' }, /null/],
  ];
  for (const [what, entry, words] of results) {
    it(`has a job that ended with ${what}`, async () => {
      const { queue, inspector } = open();
      await redis.hset(`rq:job:${queue}`, { origin: queue, status: 'failed' });
      await redis.xadd(`rq:results:${queue}`, '*', ...Object.entries(entry).flat());
      await redis.zadd(`rq:failed:${queue}`, '+inf', queue);
      const { result, error, stacks } = await inspector.show(queue);
      assert.match(JSON.stringify([result, error, stacks]), words);
      assert.equal((await inspector.list({ state: 'dead' })).rows.length, 1);
    });
  }

  it('has workers that are none', async () => {
    const { queue, inspector } = open();
    const key = `rq:worker:${queue}`;
    await redis.set(`${key}text`, 'x');
    await redis.hset(`${key}wrong`, {
      pid: '-1',
      last_heartbeat: 'now',
      state: 'z'.repeat(1000),
      hostname: 'h',
      current_job: 'a:b',
    });
    await redis.set(`${key}wrong:executions`, 'x');
    await redis.sadd(`rq:workers:${queue}`, `${key}text`, `${key}wrong`, `${key}gone`, 'x'.repeat(1_000_000));
    const workers = await inspector.workers();
    assert.equal(workers.length, 4);
    assert.ok(workers.every(({ state, name }) => state === 'lost' && name.length < 500));
  });

  it('that is of another kind in Redis is an error in words', async () => {
    const { queue, inspector } = open();
    await redis.set(`rq:queue:${queue}`, 'x');
    await assert.rejects(inspector.state(), /WRONGTYPE/);
    await assert.rejects(inspector.list({ state: 'waiting' }), /WRONGTYPE/);
  });

  it('refuses a cursor that is not of it', async () => {
    const { inspector } = open();
    await assert.rejects(inspector.list({ state: 'waiting', cursor: 'rubbish' }), /cursor must be/);
    const cursor = Buffer.from(JSON.stringify(['waiting', 'newest', 'x', 'y'])).toString('base64url');
    await assert.rejects(inspector.list({ state: 'waiting', cursor }));
  });
});
