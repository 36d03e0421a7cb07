import assert from 'node:assert/strict';
import { createPostgresBackend, FlowProducer, Queue, QueueEvents, UnrecoverableError, Worker } from 'bullmq';
import type { EmbeddedPool } from '../../../../../src/queue/store/embedded/embedded-pool.ts';
import { openEmbeddedDatabase } from '../../../../../src/queue/store/embedded/shared-databases.ts';
import { closing } from '../../../../helpers/closing.ts';
import { killDatabase } from '../../../../helpers/embedded.ts';
import { isPrompt } from '../../../../helpers/is-prompt.ts';
import { temporaryDirectory } from '../../../../helpers/servers.ts';
import { unique } from '../../../../helpers/unique.ts';
import { until } from '../../../../helpers/until.ts';

describe('BullMQ on the embedded database', () => {
  const closeAfter = closing();
  const directory = temporaryDirectory('bullmq');
  let keptOpen: EmbeddedPool;
  let options: { connection: EmbeddedPool };

  before(async () => {
    keptOpen = await openEmbeddedDatabase(directory);
  });
  beforeEach(async () => {
    const connection = await openEmbeddedDatabase(directory);
    closeAfter(() => connection.close());
    options = { connection };
  });
  after(() => keptOpen.close());

  function openQueue() {
    const queue = new Queue(unique('queue'), options, createPostgresBackend);
    closeAfter(() => queue.close());
    return queue;
  }

  function work({ name }: { name: string }, run: (n: number) => Promise<unknown>, concurrency = 1) {
    const worker = new Worker(
      name,
      (job) => run(job.data.n),
      { ...options, concurrency },
      createPostgresBackend,
    );
    closeAfter(() => worker.close());
    return worker;
  }

  it('each job of a burst is done once, and reported by events', async () => {
    const queue = openQueue();
    const events = new QueueEvents(queue.name, options, createPostgresBackend);
    closeAfter(() => events.close());
    const told: string[] = [];
    events.on('completed', ({ returnvalue }) => told.push(returnvalue));
    await events.waitUntilReady();
    const done: number[] = [];
    work(queue, async (n) => done.push(n), 10);
    const jobs = Array.from({ length: 200 }, (_, n) => ({ name: 'job', data: { n } }));
    await queue.addBulk(jobs);
    await until('all are done', () => done.length >= 200 && told.length >= 200);
    assert.equal(new Set(done).size, 200);
    assert.deepEqual(await queue.getJobCounts('completed', 'waiting', 'active'), {
      completed: 200,
      waiting: 0,
      active: 0,
    });
  });

  it('a new job wakes an idle worker, which does not wait for its own timer', async () => {
    const queue = openQueue();
    let runs = 0;
    const worker = work(queue, async () => runs++);
    await worker.waitUntilReady();
    for (let n = 0; n < 5; n++) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      const run = async () => {
        const before = runs;
        await queue.add('job', { n });
        await until('it runs', () => runs > before);
      };
      assert.ok(await isPrompt(run));
    }
  });

  it('a failed job is retried, unless its error is unrecoverable', async () => {
    const queue = openQueue();
    const tries: number[] = [];
    work(queue, async (n) => {
      tries.push(n);
      throw n === 1 ? new UnrecoverableError('give up') : new Error('try again');
    });
    await queue.add('again', { n: 0 }, { attempts: 3, backoff: { type: 'fixed', delay: 10 } });
    await queue.add('never', { n: 1 }, { attempts: 3 });
    await until('both have failed', async () => (await queue.getFailedCount()) === 2);
    assert.deepEqual(
      tries.toSorted((one, other) => one - other),
      [0, 0, 0, 1],
    );
    const [failed] = await queue.getFailed();
    assert.match(failed?.failedReason ?? '', /try again|give up/);
  });

  it('supports delay, priority, order and deduplication', async () => {
    const queue = openQueue();
    const order: number[] = [];
    const delayed = await queue.add('delayed', { n: 4 }, { delay: 3_600_000 });
    for (const [n, priority] of [
      [3, 9],
      [2, 1],
    ])
      await queue.add('priority', { n }, { priority: priority ?? 0 });
    await queue.add('first', { n: 0 });
    await queue.add('second', { n: 1 }, { deduplication: { id: 'one' } });
    await queue.add('twice', { n: 5 }, { deduplication: { id: 'one' } });
    work(queue, async (n) => order.push(n));
    await until('the others are done', () => order.length === 4);
    await delayed.changeDelay(500);
    await until('all are done', () => order.length === 5);
    assert.deepEqual(order, [0, 1, 2, 3, 4]);
  });

  it('a parent runs after its children, with their results', async () => {
    const [parents, children] = [openQueue(), openQueue()];
    const flow = new FlowProducer(options, createPostgresBackend);
    closeAfter(() => flow.close());
    let results: unknown;
    const parent = new Worker(
      parents.name,
      async (job) => (results = Object.values(await job.getChildrenValues())),
      options,
      createPostgresBackend,
    );
    closeAfter(() => parent.close());
    work(children, async (n) => n * 2);
    await flow.add({
      name: 'sum',
      queueName: parents.name,
      children: [1, 2].map((n) => ({ name: 'child', queueName: children.name, data: { n } })),
    });
    await until('the parent ran', () => results);
    assert.deepEqual(new Set(results as number[]), new Set([2, 4]));
  });

  it('a worker continues after the database has crashed, and no job is lost', async () => {
    const queue = openQueue();
    const errors: Error[] = [];
    const done = new Set<number>();
    queue.on('error', (error) => errors.push(error));
    const worker = new Worker(
      queue.name,
      async (job) => done.add(job.data.n),
      { ...options, runRetryDelay: 50 },
      createPostgresBackend,
    );
    closeAfter(() => worker.close());
    worker.on('error', (error) => errors.push(error));
    await queue.add('job', { n: 1 });
    await until('the first is done', () => done.has(1));
    killDatabase(directory);
    await until('a job can be added again', () =>
      queue.add('job', { n: 2 }).then(
        () => true,
        () => false,
      ),
    );
    await until('the second is done', () => done.has(2));
    assert.match(errors.map(({ message }) => message).join('\n'), /embedded store in .* stopped/);
  });
});
