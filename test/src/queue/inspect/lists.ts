import assert from 'node:assert/strict';
import { jobStates, type JobState } from '../../../../src/base/model.ts';
import { removeJob } from '../../../../src/queue/inspect/change-job.ts';
import { listJobs, type JobRow, type ListOptions } from '../../../../src/queue/inspect/list-jobs.ts';
import type { JobData } from '../../../../src/queue/job/job-data.ts';
import { fail, job, never, type Bench } from '../../../helpers/queue-bench.ts';
import { until } from '../../../helpers/until.ts';
import type { Benches } from './inspect.test.ts';

const HOUR = 3_600_000;

/** Reads all pages; `between` runs after each. */
async function pages(
  { store, queue }: Bench,
  options: ListOptions,
  between: (rows: JobRow[], page: number) => Promise<void> = async () => undefined,
): Promise<JobRow[][]> {
  const found: JobRow[][] = [];
  let cursor: string | undefined;
  do {
    const { rows, next } = await listJobs(store, queue.queue_name, { ...options, cursor });
    found.push(rows);
    await between(rows, found.length);
    cursor = next;
  } while (cursor !== undefined);
  return found;
}

async function addAll({ producer }: Bench, count: number, options: Parameters<typeof job>[1] = {}) {
  const ids: string[] = [];
  for (let n = 1; n <= count; n++) ids.push((await producer.add(job(n, options))).id);
  return ids;
}

const idsOf = (rows: JobRow[][]) => rows.flat().map(({ id }) => id);

export function lists({ open }: Benches): void {
  it('have a row for each job of a state', async () => {
    const bench = open({ max_retries: 0 });
    let isTold = false;
    bench.work(async ({ msg }, attempt) => {
      if (msg['payload'] === 'fails') throw new Error('one\ntwo');
      if (msg['payload'] !== 'runs') return;
      await attempt.progress(30);
      isTold = true;
      await never();
    });
    const add = async (payload: string, options = {}) => (await bench.producer.add(job(payload, options))).id;
    const ids = { completed: await add('succeeds'), dead: await add('fails'), running: await add('runs') };
    await until('the third one runs', () => isTold);
    const others = { waiting: await add('waits'), delayed: await add('later', { delay: HOUR, attempts: 9 }) };
    const onlyRow = async (state: JobState) => {
      const { rows } = await listJobs(bench.store, bench.queue.queue_name, { state });
      assert.equal(rows.length, 1);
      return rows[0];
    };
    const seen = await Promise.all(jobStates.map(onlyRow));
    const shown = seen.map((row) => [
      row?.state,
      row?.id,
      row?.attempt,
      row?.attempts,
      row?.error,
      row?.progress,
    ]);
    assert.deepEqual(shown, [
      ['waiting', others.waiting, 0, 1, undefined, 0],
      ['running', ids.running, 1, 1, undefined, 30],
      ['delayed', others.delayed, 0, 9, undefined, 0],
      ['completed', ids.completed, 1, 1, undefined, 0],
      ['dead', ids.dead, 1, 1, 'one', 0],
    ]);
    const [waiting, running, delayed, completed, dead] = seen;
    for (const row of seen) {
      assert.deepEqual([row?.name, row?.topic, row?.queue], ['pipeline', 'a/b', bench.queue.queue_name]);
      assert.ok(Math.abs(Number(row?.addedAt) - Date.now()) < 120_000);
    }
    assert.equal(Number(delayed?.dueAt), Number(delayed?.addedAt) + HOUR);
    assert.deepEqual(
      [waiting?.startedAt, waiting?.worker, waiting?.dueAt],
      [undefined, undefined, undefined],
    );
    assert.ok(running?.startedAt && completed?.finishedAt && dead?.finishedAt);
    assert.equal(running.worker?.process, process.pid);
    assert.deepEqual([running.finishedAt, dead.dueAt], [undefined, undefined]);
  });

  it('have pages, in the order in which jobs are taken or reversed', async () => {
    const bench = open();
    const low = await addAll(bench, 2, { priority: 9 });
    const plain = await addAll(bench, 4);
    const high = await addAll(bench, 3, { priority: 2 });
    const order = [...plain, ...high, ...low];
    const oldest = await pages(bench, { state: 'waiting', order: 'oldest', limit: 2 });
    assert.deepEqual(idsOf(oldest), order);
    assert.deepEqual(
      oldest.map((rows) => rows.length),
      [2, 2, 2, 2, 1],
    );
    const newest = await pages(bench, { state: 'waiting', limit: 3 });
    assert.deepEqual(idsOf(newest), order.toReversed());
    assert.equal(newest.length, 3);
  });

  it('are sorted by due time', async () => {
    const bench = open();
    const [later] = await addAll(bench, 1, { delay: 3 * HOUR });
    const [soon] = await addAll(bench, 1, { delay: HOUR });
    const [between] = await addAll(bench, 1, { delay: 2 * HOUR });
    const oldest = await pages(bench, { state: 'delayed', order: 'oldest', limit: 1 });
    assert.deepEqual(idsOf(oldest), [soon, between, later]);
    const newest = await pages(bench, { state: 'delayed', order: 'newest', limit: 1 });
    assert.deepEqual(idsOf(newest), [later, between, soon]);
  });

  it('have a stable order when jobs finish in the same millisecond', async () => {
    const bench = open({ max_retries: 0 });
    await Promise.all(Array.from({ length: 60 }, (_, n) => bench.producer.add(job(n))));
    const worker = bench.work(fail, { concurrency: 30 });
    await until('all are dead letters', () => worker.dead.length === 60);
    const newest = await pages(bench, { state: 'dead', limit: 7 });
    const keys = newest.flat().map(({ finishedAt, id }) => `${Number(finishedAt)} ${id}`);
    assert.equal(keys.length, 60);
    assert.deepEqual(keys, keys.toSorted().toReversed());
    const oldest = await pages(bench, { state: 'dead', order: 'oldest', limit: 4 });
    assert.deepEqual(idsOf(oldest), idsOf(newest).toReversed());
  });

  it('continue after a row that was removed, with new rows before it', async () => {
    const bench = open();
    const { store, queue } = bench;
    const ids = await addAll(bench, 6, { delay: HOUR });
    const found = await pages(bench, { state: 'delayed', order: 'oldest', limit: 2 }, async (rows, page) => {
      if (page !== 1) return;
      for (const { id } of rows) await removeJob(store, queue.queue_name, id);
      await addAll(bench, 3, { delay: 1000 });
    });
    assert.deepEqual(idsOf(found), ids);
  });

  for (const order of ['oldest', 'newest'] as const) {
    it(`miss and repeat no waiting job while others are added and taken (${order} first)`, async () => {
      const bench = open();
      const ids = await addAll(bench, 8);
      const expected = order === 'oldest' ? ids : ids.toReversed();
      const found = await pages(bench, { state: 'waiting', order, limit: 3 }, async (rows, page) => {
        if (page !== 1) return;
        // The last row of the page stays.
        for (const { id } of rows.slice(0, -1)) await removeJob(bench.store, bench.queue.queue_name, id);
        await addAll(bench, 2);
      });
      assert.deepEqual(idsOf(found).slice(0, 8), expected);
      assert.equal(idsOf(found).length, order === 'oldest' ? 10 : 8);
    });
  }

  it('miss no waiting job when the last row of a page was removed', async () => {
    const bench = open();
    const ids = await addAll(bench, 5);
    const found = await pages(bench, { state: 'waiting', order: 'oldest', limit: 2 }, async (rows, page) => {
      if (page === 1) await removeJob(bench.store, bench.queue.queue_name, rows[1]?.id ?? '');
    });
    assert.deepEqual([...new Set(idsOf(found))], ids);
    // On Redis such a list has no position to continue from.
    assert.equal(idsOf(found).length, bench.store.kind === 'redis' ? 6 : 5);
  });

  it("show the topic of a large job, but not of another program's job", async () => {
    const bench = open();
    const topic = 'a/"quoted"\\ü/☂';
    await bench.producer.add({ name: 'large', msg: { payload: 'x'.repeat(500_000), topic } });
    await bench.producer.add({ name: 'none', msg: { topic: { no: 'text' } } });
    const stored = await bench.store.queue(bench.queue.queue_name);
    await stored.add('theirs', [1] as unknown as JobData);
    const found = await pages(bench, { state: 'waiting', order: 'oldest' });
    assert.deepEqual(
      found.flat().map(({ name, topic: shown }) => [name, shown]),
      [
        ['large', topic],
        ['none', undefined],
        ['theirs', undefined],
      ],
    );
  });

  it('refuse an invalid state, limit, order or cursor', async () => {
    const bench = open();
    await addAll(bench, 2);
    const list = (options: unknown) => listJobs(bench.store, bench.queue.queue_name, options as ListOptions);
    await assert.rejects(list({ state: 'failed' }), /state must be one of waiting, running/);
    await assert.rejects(list({ state: 'dead', limit: 101 }), /limit must be a whole number from 1 to 100/);
    await assert.rejects(list({ state: 'dead', order: 'first' }), /order must be newest or oldest/);
    const { next } = await list({ state: 'waiting', limit: 1 });
    for (const cursor of [next, 'x', '', Buffer.from('5').toString('base64url')])
      await assert.rejects(list({ state: 'dead', cursor }), /cursor must be the `next` of a page/);
  });
}
