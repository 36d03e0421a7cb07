import assert from 'node:assert/strict';
import { GiveUpError } from '../../../../src/base/errors.ts';
import { removeJob, retryJob, runNow } from '../../../../src/queue/inspect/change-job.ts';
import {
  emptyQueue,
  removableStates,
  removeAll,
  retryAll,
  type RemovableState,
} from '../../../../src/queue/inspect/change-jobs.ts';
import { counts, fail, job, never, succeed, type Bench } from '../../../helpers/queue-bench.ts';
import { until } from '../../../helpers/until.ts';
import type { Benches } from './inspect.test.ts';

const HOUR = 3_600_000;
/** Jobs that a step of a bulk action changes. */
const stepOf = ({ store }: Bench) => (store.kind === 'redis' ? 200 : 50);

function addAll({ producer }: Bench, count: number, options: Parameters<typeof job>[1] = {}) {
  return Promise.all(Array.from({ length: count }, (_, n) => producer.add(job(n, options))));
}

/** Aborts after the first step. */
function abortsAfterStep() {
  const controller = new AbortController();
  const told: number[] = [];
  const onProgress = (changed: number) => {
    told.push(changed);
    controller.abort();
  };
  return { told, options: { signal: controller.signal, onProgress } };
}

async function isRefused(change: Promise<unknown>, message: RegExp): Promise<void> {
  await assert.rejects(change, (error: Error) => error instanceof GiveUpError && message.test(error.message));
}

export function changes({ open }: Benches): void {
  it('run a dead letter again with all its attempts', async () => {
    const bench = open({ max_retries: 1, backoff: 'fixed', backoff_delay: 0 });
    const { store, queue } = bench;
    const { id } = await bench.producer.add(job(1));
    let isMended = false;
    const worker = bench.work(() => (isMended ? succeed() : fail()));
    await until('it is a dead letter', () => worker.dead.length === 1);
    await retryJob(store, queue.queue_name, id);
    await until('it is a dead letter again', () => worker.dead.length === 2);
    assert.deepEqual(
      worker.taken.map(({ attempt }) => attempt),
      [1, 2, 1, 2],
    );
    isMended = true;
    await retryJob(store, queue.queue_name, id);
    await until('it is completed', () => worker.completed.length === 1);
    assert.deepEqual(await counts(bench), { completed: 1 });
  });

  it('run a delayed job now', async () => {
    const bench = open();
    const worker = bench.work(succeed);
    const { id } = await bench.producer.add(job(1, { delay: HOUR }));
    await runNow(bench.store, bench.queue.queue_name, id);
    await until('it is completed', () => worker.completed.length === 1);
  });

  it('remove a job in any state but running', async () => {
    const bench = open({ max_retries: 0 });
    const { store, queue, producer } = bench;
    const payloads = ['succeeds', 'fails', 'runs'];
    const worker = bench.work(({ msg }) =>
      [succeed, fail, never][payloads.indexOf(String(msg['payload']))]!(),
    );
    const taken = [];
    for (const payload of payloads) taken.push(await producer.add(job(payload)));
    await until('the last one runs', () => worker.taken.length === 3);
    const waiting = [await producer.add(job(1)), await producer.add(job(2, { priority: 1 }))];
    const delayed = await producer.add(job(3, { delay: HOUR }));
    const [running, ...finished] = taken.toReversed();
    for (const { id } of [...finished, ...waiting, delayed]) await removeJob(store, queue.queue_name, id);
    assert.deepEqual(await counts(bench), { active: 1 });
    await isRefused(
      removeJob(store, queue.queue_name, running?.id ?? ''),
      /is running: wait until it has ended/,
    );
  });

  it('are refused for a job that is missing or in another state', async () => {
    const bench = open();
    const { store, queue } = bench;
    const { id } = await bench.producer.add(job(1));
    await isRefused(retryJob(store, queue.queue_name, id), /is waiting: only a dead letter can be retried/);
    await isRefused(runNow(store, queue.queue_name, id), /is waiting: only a delayed job can be run early/);
    for (const change of [retryJob, runNow, removeJob])
      await isRefused(change(store, queue.queue_name, 'x'), /has no job x: it may have been removed/);
    assert.deepEqual(await counts(bench), { waiting: 1 });
  });

  it('of all dead letters end after the step in which they are aborted', async () => {
    const bench = open({ max_retries: 0 });
    const { store, queue } = bench;
    const step = stepOf(bench);
    await addAll(bench, step);
    const worker = bench.work(fail, { concurrency: 50 });
    await until('one step of them is dead', () => worker.dead.length === step);
    await addAll(bench, 1, { priority: 2 });
    await until('all are dead letters', () => worker.dead.length === step + 1);
    await worker.stop(0);
    const { told, options } = abortsAfterStep();
    assert.equal(await retryAll(store, queue.queue_name, options), step);
    assert.deepEqual(told, [step]);
    assert.deepEqual(await counts(bench), { waiting: step, failed: 1 });
    assert.equal(await retryAll(store, queue.queue_name, { signal: AbortSignal.abort() }), 0);
    assert.equal(await retryAll(store, queue.queue_name), 1);
    assert.deepEqual(await counts(bench), { waiting: step, prioritized: 1 });
    assert.equal(await retryAll(store, queue.queue_name), 0);
  });

  it('of all dead letters restore their attempts, and ignore jobs that fail again', async () => {
    const bench = open({ max_retries: 1, backoff: 'fixed', backoff_delay: 0 });
    await addAll(bench, 3);
    const worker = bench.work(fail);
    await until('all are dead letters', () => worker.dead.length === 3);
    assert.equal(await retryAll(bench.store, bench.queue.queue_name), 3);
    await until('all are dead letters again', () => worker.dead.length === 6);
    assert.equal(worker.taken.filter(({ attempt }) => attempt === 1).length, 6);
    assert.deepEqual(await counts(bench), { failed: 3 });
  });

  it('remove all jobs of one state', async () => {
    const bench = open({ max_retries: 0 });
    const { store, queue } = bench;
    const worker = bench.work(({ msg }) => (Number(msg['payload']) < 2 ? succeed() : fail()));
    await addAll(bench, 5);
    await until('all have ended', () => worker.completed.length === 2 && worker.dead.length === 3);
    await worker.stop(0);
    await addAll(bench, 1);
    await addAll(bench, 3, { priority: 1 });
    await addAll(bench, 5, { delay: HOUR });
    const removed: Partial<Record<RemovableState, number>> = {};
    for (const state of removableStates) removed[state] = await removeAll(store, queue.queue_name, { state });
    assert.deepEqual(removed, { waiting: 4, delayed: 5, completed: 2, dead: 3 });
    assert.deepEqual(await counts(bench), {});
    const running = { state: 'running' as RemovableState };
    await assert.rejects(
      removeAll(store, queue.queue_name, running),
      /state must be one of waiting, delayed/,
    );
  });

  it('of all waiting jobs end after the step in which they are aborted, and ignore new ones', async () => {
    const bench = open();
    const { store, queue } = bench;
    const step = stepOf(bench);
    await addAll(bench, step + 1);
    const { told, options } = abortsAfterStep();
    assert.equal(await removeAll(store, queue.queue_name, { state: 'waiting', ...options }), step);
    assert.deepEqual(told, [step]);
    assert.deepEqual(await counts(bench), { waiting: 1 });
    await addAll(bench, step);
    const began = Date.now();
    let added: Promise<unknown> | undefined;
    const onProgress = () => {
      // Jobs of the millisecond in which the action started are removed, too.
      while (Date.now() <= began + 1);
      added ??= bench.producer.add(job('new'));
    };
    const removed = await removeAll(store, queue.queue_name, { state: 'waiting', onProgress });
    await added;
    assert.equal(removed, step + 1);
    assert.deepEqual(await counts(bench), { waiting: 1 });
  });

  it('empty a queue of waiting and delayed jobs', async () => {
    const bench = open();
    const { store, queue } = bench;
    const worker = bench.work(({ msg }) => (msg['payload'] === 0 ? succeed() : never()));
    await addAll(bench, 2);
    await until('the second one runs', () => worker.taken.length === 2);
    await addAll(bench, 3);
    await addAll(bench, 2, { priority: 4 });
    await addAll(bench, 2, { delay: HOUR });
    assert.equal(await emptyQueue(store, queue.queue_name), 7);
    assert.deepEqual(await counts(bench), { active: 1, completed: 1 });
    assert.equal(await emptyQueue(store, queue.queue_name, { signal: AbortSignal.abort() }), 0);
  });
}
