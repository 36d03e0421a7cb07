import assert from 'node:assert/strict';
import { GiveUpError, SerializeError } from '../../../../src/base/errors.ts';
import { retryEdited } from '../../../../src/queue/inspect/change-job.ts';
import { removeAll, retryAll } from '../../../../src/queue/inspect/change-jobs.ts';
import { groupErrors } from '../../../../src/queue/inspect/error-groups.ts';
import { listJobs, type JobRow, type ListOptions } from '../../../../src/queue/inspect/list-jobs.ts';
import { readJob } from '../../../../src/queue/inspect/read-job.ts';
import type { JobData } from '../../../../src/queue/job/job-data.ts';
import { counts, succeed, type Bench, type Told } from '../../../helpers/queue-bench.ts';
import { until } from '../../../helpers/until.ts';
import type { Benches } from './inspect.test.ts';

/** Adds jobs whose errors are their payloads, and waits until they are dead letters. */
async function failAll(bench: Bench, errors: string[]): Promise<Told> {
  const worker = bench.work(({ msg }) => Promise.reject(new Error(String(msg['payload']))));
  for (const [n, error] of errors.entries())
    await bench.producer.add({ name: `p${n}`, msg: { payload: error, topic: `t/${n}` } });
  await until('all are dead letters', () => worker.dead.length === errors.length);
  await worker.stop(0);
  return worker;
}

const SHOP = ["shop 17 does not answer: 'GET /orders/9'", "shop 2 does not answer: 'GET /'\nat line 7"];
const SHOP_KEY = "shop # does not answer: '…'";
const OTHER = 'Grüße: disk is full';

function list({ store, queue }: Bench, options: Omit<ListOptions, 'state'>) {
  return listJobs(store, queue.queue_name, { state: 'dead', ...options });
}

const errorsOf = (rows: JobRow[]) => rows.map(({ error }) => error);

export function deadLetters({ open }: Benches): void {
  it('are grouped by their errors, without numbers, IDs and quoted parts', async () => {
    const bench = open({ max_retries: 0 });
    const { store, queue } = bench;
    assert.deepEqual(await groupErrors(store, queue.queue_name), { groups: [], read: 0, isComplete: true });
    await failAll(bench, [SHOP[0]!, OTHER, SHOP[1]!]);
    const { groups, read, isComplete } = await groupErrors(store, queue.queue_name);
    assert.deepEqual(
      groups.map(({ key, error, count }) => [key, error, count]),
      [
        [SHOP_KEY, SHOP_KEY, 2],
        [OTHER, OTHER, 1],
      ],
    );
    assert.deepEqual([read, isComplete], [3, true]);
    const [newest] = (await list(bench, { limit: 1 })).rows;
    assert.deepEqual(groups[0]?.newest, newest?.finishedAt);
  });

  it('are grouped in part, the newest, if there are more than may be read', async () => {
    const bench = open({ max_retries: 0 });
    const { store, queue } = bench;
    await failAll(bench, [OTHER, ...SHOP]);
    const { groups, ...others } = await groupErrors(store, queue.queue_name, { mostRead: 2 });
    assert.deepEqual([groups.length, groups[0]?.key, others], [1, SHOP_KEY, { read: 2, isComplete: false }]);
    assert.equal((await groupErrors(store, queue.queue_name, { mostRead: 3 })).isComplete, true);
    await assert.rejects(groupErrors(store, queue.queue_name, { mostRead: 0 }), /mostRead must be/);
  });

  it('are listed by group, page by page', async () => {
    const bench = open({ max_retries: 0 });
    await failAll(bench, [SHOP[0]!, OTHER, SHOP[1]!]);
    const first = await list(bench, { group: SHOP_KEY, limit: 1 });
    assert.deepEqual([errorsOf(first.rows), first.lookedAt], [[SHOP[1]!.split('\n')[0]], 1]);
    const second = await list(bench, { group: SHOP_KEY, limit: 1, cursor: first.next });
    assert.deepEqual([errorsOf(second.rows), second.lookedAt], [[SHOP[0]], 2]);
    const last = await list(bench, { group: SHOP_KEY, limit: 1, cursor: second.next });
    assert.deepEqual(last, { rows: [], next: undefined, lookedAt: 0 });
    assert.deepEqual(errorsOf((await list(bench, { group: OTHER })).rows), [OTHER]);
    await assert.rejects(list(bench, { state: 'waiting', group: OTHER } as ListOptions), /only dead letters/);
  });

  it('are found by text in ID, pipeline, topic or error', async () => {
    const bench = open({ max_retries: 0 });
    await failAll(bench, [SHOP[0]!, OTHER]);
    const found = async (search: string) => (await list(bench, { search })).rows.map(({ name }) => name);
    const { id } = (await list(bench, { limit: 1 })).rows[0]!;
    assert.deepEqual(await found(id.slice(-20)), ['p1']);
    assert.deepEqual(await found('P0'), ['p0']);
    assert.deepEqual(await found('t/1'), ['p1']);
    assert.deepEqual(await found('grüße'), ['p1']);
    assert.deepEqual(await found('nowhere'), []);
    assert.deepEqual(await found(''), ['p1', 'p0']);
    await assert.rejects(list(bench, { search: 'x'.repeat(201) }), /search must be text of at most 200/);
  });

  it('are retried by group, and not faster than wanted', async () => {
    const bench = open({ max_retries: 0 });
    const { store, queue } = bench;
    await failAll(bench, [OTHER, ...SHOP, ...SHOP]);
    const told: number[] = [];
    const begin = performance.now();
    const onProgress = (changed: number) => told.push(changed);
    const changed = await retryAll(store, queue.queue_name, { group: SHOP_KEY, perSecond: 40, onProgress });
    assert.deepEqual([changed, told], [4, [4]]);
    assert.ok(performance.now() - begin >= 90, 'four of forty a second take a tenth of one');
    assert.deepEqual(await counts(bench), { waiting: 4, failed: 1 });
    assert.equal(await retryAll(store, queue.queue_name, { perSecond: 1000 }), 1);
    await assert.rejects(retryAll(store, queue.queue_name, { perSecond: 0 }), /perSecond must be/);
  });

  it('wait for the next step of a throttled action only until it is aborted', async () => {
    const bench = open({ max_retries: 0 });
    await failAll(bench, SHOP);
    const controller = new AbortController();
    const options = { perSecond: 0.01, signal: controller.signal, onProgress: () => controller.abort() };
    assert.equal(await retryAll(bench.store, bench.queue.queue_name, options), 1);
    assert.deepEqual(await counts(bench), { waiting: 1, failed: 1 });
  });

  it('are removed by group', async () => {
    const bench = open({ max_retries: 0 });
    const { store, queue } = bench;
    await failAll(bench, [OTHER, ...SHOP]);
    assert.equal(await removeAll(store, queue.queue_name, { state: 'dead', group: SHOP_KEY }), 2);
    assert.deepEqual(errorsOf((await list(bench, {})).rows), [OTHER]);
    const waiting = removeAll(store, queue.queue_name, { state: 'waiting', group: OTHER });
    await assert.rejects(waiting, /only dead letters have a group/);
  });

  it('run again with another payload and all their attempts', async () => {
    const bench = open({ max_retries: 0 });
    const { store, queue } = bench;
    const failed = await failAll(bench, ['broken']);
    const { id, msg } = failed.dead[0]!.job;
    const payload = { mended: Buffer.from([1]) };
    await retryEdited(store, queue.queue_name, { id, payload });
    assert.deepEqual(await counts(bench), { waiting: 1 });
    assert.deepEqual((await readJob(store, queue.queue_name, id)).msg, { ...msg, payload });
    const worker = bench.work(succeed);
    await until('it is completed', () => worker.completed.length === 1);
    assert.deepEqual([worker.taken[0]?.msg['payload'], worker.taken[0]?.attempt], [payload, 1]);
    await assert.rejects(
      retryEdited(store, queue.queue_name, { id, payload }),
      (error: Error) =>
        error instanceof GiveUpError && /is completed: only a dead letter/.test(error.message),
    );
  });

  it('keep their payload if the new one cannot be stored', async () => {
    const bench = open({ max_retries: 0 });
    const { store, queue } = bench;
    const { dead } = await failAll(bench, ['broken']);
    const { id } = dead[0]!.job;
    for (const payload of [() => 1, 'x'.repeat(1_100_000)])
      await assert.rejects(retryEdited(store, queue.queue_name, { id, payload }), SerializeError);
    await assert.rejects(retryEdited(store, queue.queue_name, { id: 'x', payload: 1 }), /has no job x/);
    assert.deepEqual(await counts(bench), { failed: 1 });
    assert.equal((await readJob(store, queue.queue_name, id)).msg['payload'], 'broken');
  });

  it('are edited by one of two people at the same time', async () => {
    const bench = open({ max_retries: 0 });
    const { store, queue } = bench;
    const { dead } = await failAll(bench, ['broken']);
    const { id } = dead[0]!.job;
    const edits = await Promise.allSettled(
      [1, 2].map((payload) => retryEdited(store, queue.queue_name, { id, payload })),
    );
    const winner = edits.findIndex(({ status }) => status === 'fulfilled');
    assert.equal(edits.filter(({ status }) => status === 'fulfilled').length, 1);
    assert.equal((await readJob(store, queue.queue_name, id)).msg['payload'], winner + 1);
    assert.deepEqual(await counts(bench), { waiting: 1 });
  });

  it('of another program get other data', async () => {
    const bench = open({ max_retries: 0 });
    const { store, queue } = bench;
    const stored = await store.queue(queue.queue_name);
    const { id = '' } = await stored.add('theirs', { a: 1 } as unknown as JobData);
    const worker = bench.work(() => Promise.reject(new Error('no luck')));
    await until('it is a dead letter', () => worker.dead.length === 1);
    await worker.stop(0);
    await retryEdited(store, queue.queue_name, { id, payload: { a: 2 } });
    assert.deepEqual((await stored.getJob(id))?.data, { a: 2 });
  });
}
