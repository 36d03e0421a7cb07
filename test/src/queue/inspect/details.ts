import assert from 'node:assert/strict';
import { GiveUpError, OptionsError } from '../../../../src/base/errors.ts';
import { pauseQueue, resumeQueue } from '../../../../src/queue/inspect/pause-queue.ts';
import { readQueueState } from '../../../../src/queue/inspect/queue-state.ts';
import { readJob } from '../../../../src/queue/inspect/read-job.ts';
import type { JobData } from '../../../../src/queue/job/job-data.ts';
import { counts, fail, job, never, succeed } from '../../../helpers/queue-bench.ts';
import { until } from '../../../helpers/until.ts';
import type { Benches } from './inspect.test.ts';

const HOUR = 3_600_000;

export function details({ open }: Benches): void {
  it('counts the jobs of each state; those with a priority count as waiting', async () => {
    const { store, queue, producer, work } = open({ max_retries: 0 });
    const { queue_name: name } = queue;
    const worker = work(({ msg }) => (msg['payload'] === 'runs' ? never() : fail()), { concurrency: 2 });
    await producer.add(job('fails'));
    await producer.add(job('runs'));
    await until('one runs and one is dead', () => worker.dead.length === 1 && worker.taken.length === 2);
    await pauseQueue(store, name);
    await Promise.all([1, 2].map((n) => producer.add(job(n))));
    await producer.add(job(3, { priority: 5 }));
    await producer.add(job(4, { delay: HOUR }));
    const state = await readQueueState(store, name);
    assert.deepEqual(state.counts, { waiting: 3, running: 1, delayed: 1, completed: 0, dead: 1 });
    assert.deepEqual([state.queue, state.isPaused], [name, true]);
  });

  it('limits the count if the store reads each job', async () => {
    const { store, queue, producer } = open();
    await Promise.all([1, 2, 3, 4].map((n) => producer.add(job(n))));
    const state = await readQueueState(store, queue.queue_name, { mostCounted: 2 });
    const [waiting, countedTo] = store.kind === 'redis' ? [4, Number.MAX_SAFE_INTEGER] : [3, 2];
    assert.deepEqual([state.counts.waiting, state.countedTo], [waiting, countedTo]);
    await assert.rejects(readQueueState(store, queue.queue_name, { mostCounted: 0 }), /mostCounted must be/);
  });

  it('pauses a queue: jobs are added but not taken until it resumes', async () => {
    const bench = open();
    const { store, producer } = bench;
    const { queue_name: name } = bench.queue;
    await pauseQueue(store, name);
    const worker = bench.work(succeed);
    await until('the worker is connected', async () => (await store.workers(name)).length === 1);
    await producer.add(job(1));
    assert.equal((await readQueueState(store, name)).counts.waiting, 1);
    assert.deepEqual(await counts(bench), { waiting: 1 });
    assert.equal(worker.taken.length, 0);
    await resumeQueue(store, name);
    assert.equal((await readQueueState(store, name)).isPaused, false);
    await until('it is completed', () => worker.completed.length === 1);
  });

  it('returns how long the oldest job has been due, whatever its priority', async () => {
    const { store, queue, producer } = open();
    const { queue_name: name } = queue;
    assert.equal((await readQueueState(store, name)).oldestWaiting, undefined);
    await producer.add(job('new'));
    await producer.add(job('urgent', { priority: 1 }));
    const stored = await store.queue(name);
    const now = Date.now();
    await stored.add('old', {} as JobData, {
      priority: 7,
      timestamp: now - 5 * HOUR,
      backoff: { type: 'fixed', delay: HOUR },
    });
    const { oldestWaiting = 0 } = await readQueueState(store, name);
    assert.ok(oldestWaiting >= 5 * HOUR && oldestWaiting < 5 * HOUR + 60_000, String(oldestWaiting));
    const late = await stored.add('late', {} as JobData, {
      delay: 9 * HOUR,
      priority: 8,
      timestamp: now - 15 * HOUR,
    });
    await late.promote();
    const { oldestWaiting: oldest = 0 } = await readQueueState(store, name);
    assert.ok(oldest >= 6 * HOUR && oldest < 6 * HOUR + 60_000, String(oldest));
  });

  it('shows all data of a dead letter', async () => {
    const { store, queue, producer, work } = open({ backoff: 'fixed', backoff_delay: 0 });
    const payload = Buffer.from([1, 2, 3]);
    const { id } = await producer.add(job(payload, { attempts: 2, priority: 3, delay: 1 }));
    const worker = work(async (_, attempt) => {
      for (let n = 1; n <= 60; n++) await attempt.log(`line ${n}`);
      await attempt.progress({ step: 2 });
      throw new Error('first line\nsecond line');
    });
    await until('it is a dead letter', () => worker.dead.length === 1);
    const found = await readJob(store, queue.queue_name, id);
    const { msg, addedAt, startedAt, finishedAt, attemptsLog, stacks, log, worker: by, ...others } = found;
    assert.deepEqual(others, {
      id,
      name: 'pipeline',
      queue: queue.queue_name,
      state: 'dead',
      attempt: 2,
      attempts: 2,
      backoff: { type: 'fixed', delay: 0 },
      priority: 3,
      delay: 1,
      result: undefined,
      error: 'first line\nsecond line',
      progress: { step: 2 },
      logLength: 120,
    });
    assert.deepEqual([msg['payload'], msg['topic'], msg['qos']], [payload, 'a/b', 1]);
    assert.ok(addedAt <= (startedAt ?? 0) && (startedAt ?? 0) <= (finishedAt ?? 0));
    assert.equal(stacks.length, 2);
    assert.match(stacks[1] ?? '', /second line\n +at [^[\]{}]*$/);
    assert.deepEqual(
      attemptsLog.map(({ error }) => error),
      ['first line', 'first line'],
    );
    const times = attemptsLog.flatMap(({ startedAt: start, endedAt: end }) => [Number(start), Number(end)]);
    assert.deepEqual(
      times,
      times.toSorted((a, b) => a - b),
    );
    assert.equal(times[2], Number(startedAt));
    assert.deepEqual([log.length, log[0], log.at(-1)], [100, 'line 21', 'line 60']);
    assert.equal(by?.process, process.pid);
  });

  it('shows the result of a completed job, and the attempt of a running one', async () => {
    const { store, queue, producer, work } = open();
    const result = { at: new Date(5), bytes: Buffer.from('b') };
    const worker = work(({ msg }) => (msg['payload'] === 1 ? Promise.resolve(result) : never()));
    const first = await producer.add(job(1));
    const second = await producer.add(job(2));
    await until('the second one runs', () => worker.taken.length === 2);
    await until('the first one is completed', () => worker.completed.length === 1);
    const completed = await readJob(store, queue.queue_name, first.id);
    assert.deepEqual([completed.state, completed.attempt, completed.result], ['completed', 1, result]);
    const running = await readJob(store, queue.queue_name, second.id);
    assert.deepEqual([running.state, running.attempt, running.error], ['running', 1, undefined]);
    assert.equal(running.finishedAt, undefined);
  });

  it('shows when each attempt ran: of a retried, a completed and a running job', async () => {
    const { store, queue, producer, work } = open({ backoff: 'fixed', backoff_delay: 0, max_retries: 1 });
    const { queue_name: name } = queue;
    const worker = work(
      ({ msg, attempt }) => (msg['payload'] === 'runs' ? never() : attempt === 1 ? fail() : succeed()),
      { concurrency: 2 },
    );
    const [done, runs] = [await producer.add(job(1)), await producer.add(job('runs'))];
    await until(
      'one runs, one is completed',
      () => worker.taken.length === 3 && worker.completed.length === 1,
    );
    const completed = await readJob(store, name, done.id);
    assert.deepEqual(
      completed.attemptsLog.map(({ error }) => error),
      ['no luck', undefined],
    );
    assert.deepEqual(completed.attemptsLog[1]?.startedAt, completed.startedAt);
    assert.deepEqual(completed.attemptsLog[1]?.endedAt, completed.finishedAt);
    const running = await readJob(store, name, runs.id);
    assert.deepEqual(running.attemptsLog, [
      { startedAt: running.startedAt, endedAt: undefined, error: undefined },
    ]);
  });

  it('shows the node that reported the last error', async () => {
    const { store, queue, producer, work } = open({ max_retries: 0 });
    const node = { id: 'n1', type: 'function', name: 'book the order' };
    const worker = work(async (_, attempt) => {
      attempt.failedNode = node;
      throw new Error('no luck');
    });
    const { id } = await producer.add(job(1));
    await until('it is a dead letter', () => worker.dead.length === 1);
    assert.deepEqual((await readJob(store, queue.queue_name, id)).failedNode, node);
  });

  it('shows the job of another program', async () => {
    const { store, queue } = open();
    const stored = await store.queue(queue.queue_name);
    const { id = '' } = await stored.add('theirs', { theirs: [1] } as unknown as JobData);
    const { name, state, msg, attempts } = await readJob(store, queue.queue_name, id);
    assert.deepEqual(
      { name, state, msg, attempts },
      {
        name: 'theirs',
        state: 'waiting',
        msg: { payload: { theirs: [1] } },
        attempts: 1,
      },
    );
  });

  it('refuses a missing job, and an invalid queue name', async () => {
    const { store, queue } = open();
    await assert.rejects(readJob(store, queue.queue_name, 'x'), (error: Error) => {
      assert.ok(error instanceof GiveUpError);
      return error.message.startsWith(`the queue ${queue.queue_name} has no job x`);
    });
    await assert.rejects(readQueueState(store, 'a:b'), OptionsError);
  });
}
