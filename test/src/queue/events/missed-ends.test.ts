/** No end of a job is missed, whatever happens to its event, and none is told twice. */
import assert from 'node:assert/strict';
import { fork, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { readPickle } from '../../../../src/payload/pickle/pickle.ts';
import type { JobEvent, JobEventKind } from '../../../../src/queue/events/job-event.ts';
import { openQueue, type OpenQueue } from '../../../../src/queue/open-queue.ts';
import type { StoreOptions } from '../../../../src/queue/store/store-options.ts';
import { closing } from '../../../helpers/closing.ts';
import { job, quick } from '../../../helpers/queue-bench.ts';
import { describeStores } from '../../../helpers/stores.ts';
import { unique } from '../../../helpers/unique.ts';
import { until } from '../../../helpers/until.ts';

const JOBS = 600;
const child = join(__dirname, 'work-child.js');

const ids = (events: JobEvent[]) => events.map((event) => event.job?.id);

/** Opens queues that are closed after the test. */
function queues(address: () => Promise<StoreOptions>) {
  const later = closing();
  let options: StoreOptions;
  before(async () => {
    options = await address();
  });
  return {
    later,
    address: () => options,
    open(queue_name = unique('queue'), more: object = {}, timing?: typeof quick) {
      const queue = { queue_name, max_retries: 0, backoff_delay: 0.05, ...more };
      const opened = openQueue(options, { queue, listeners: { timing }, readPickle });
      later(() => opened.close());
      return opened;
    },
    work(queue: OpenQueue, run: () => Promise<unknown> = async () => undefined, concurrency = 50) {
      const worker = queue.openWorker({ concurrency, run });
      later(() => worker.stop(0));
      return worker;
    },
    hear(queue: OpenQueue, ...kinds: JobEventKind[]) {
      const events: JobEvent[] = [];
      later(queue.listen({ kinds, onEvent: (event) => events.push(event) }));
      return events;
    },
  };
}

const add = async (queue: OpenQueue, count: number) => {
  const added = await Promise.all(Array.from({ length: count }, (_, n) => queue.producer().add(job(n))));
  return added.map(({ id }) => id);
};

describeStores('ends of jobs', (address) => {
  const { address: where, open, work, hear } = queues(address);

  /** Ends jobs elsewhere while this process hears nothing; only one process can have an embedded store. */
  const runElsewhere = (queue_name: string) => {
    if (where().store === 'embedded') return void work(open(queue_name));
    const input = JSON.stringify({ address: where(), queue_name, jobs: JOBS });
    const { status, stderr } = spawnSync(process.execPath, [child, input], {
      encoding: 'utf8',
      timeout: 180_000,
    });
    assert.equal(status, 0, stderr);
  };

  it('that come in a burst are all told, once each, also to a process that was busy meanwhile', async () => {
    const queue_name = unique('queue');
    const queue = open(queue_name);
    const events = hear(queue, 'completed');
    const added = await add(queue, JOBS);
    runElsewhere(queue_name);
    await until('all are told', () => new Set(ids(events)).size === JOBS);
    assert.deepEqual(ids(events).toSorted(), added.toSorted());
    assert.deepEqual(new Set(events.map((event) => event.job?.name)), new Set(['pipeline']));
  });

  it('in this process are told once each, here and elsewhere', async () => {
    const queue_name = unique('queue');
    const queue = open(queue_name);
    const [here, elsewhere] = [hear(queue, 'completed'), hear(open(queue_name), 'completed')];
    work(queue);
    const added = await add(queue, 50);
    const all = () => [here, elsewhere].every((events) => new Set(ids(events)).size === 50);
    await until('all are told', all);
    assert.deepEqual(ids(here).toSorted(), added.toSorted());
    assert.deepEqual(ids(elsewhere).toSorted(), added.toSorted());
  });

  it('of a dead letter that is retried and dies again are told again, with its failed attempts', async () => {
    const queue = open(undefined, { max_retries: 1, backoff: 'fixed' });
    const events = hear(queue, 'failed', 'dead');
    // With more at a time, the second attempt could be told before the store's answer about the first one.
    work(queue, () => Promise.reject(new Error('no luck')), 1);
    const [id = ''] = await add(queue, 1);
    const dead = () => events.filter(({ kind }) => kind === 'dead').length;
    await until('it is dead', () => dead() === 1);
    await queue.inspector.retry(id);
    await until('it is dead again', () => dead() === 2);
    assert.deepEqual(
      events.map(({ kind, attempt }) => [kind, attempt]),
      [
        ['failed', 1],
        ['dead', 2],
        ['failed', 1],
        ['dead', 2],
      ],
    );
  });

  it('before somebody listened are not told', async () => {
    const queue = open();
    const others = hear(queue, 'completed');
    work(queue);
    await add(queue, 3);
    await until('they have ended', () => others.length === 3);
    await new Promise((resolve) => setTimeout(resolve, 5));
    const events = hear(queue, 'completed');
    const [id] = await add(queue, 1);
    await until('it has ended', () => ids(events).includes(id));
    assert.deepEqual(ids(events), [id]);
  });
});

describeStores('who follows the ends of jobs', (address) => {
  const { later, open, work } = queues(address);

  const follow = (queue: OpenQueue, name: string) => {
    const events: JobEvent[] = [];
    const stop = queue.follow(name, { kinds: ['completed', 'dead'], onEvent: (event) => events.push(event) });
    let isStopped = false;
    const stopOnce = async (forget?: boolean) => {
      if (!isStopped) await stop(forget);
      isStopped = true;
    };
    later(() => stopOnce());
    return { events, stop: stopOnce };
  };
  /** A queue with a worker, and a follower that has heard of a job. */
  const followed = async () => {
    const queue = open();
    work(queue);
    const name = unique('follower');
    const first = follow(queue, name);
    await add(queue, 1);
    await until('it is told', () => first.events.length === 1);
    return { queue, name, first };
  };
  const run = async (queue: OpenQueue, count: number) => {
    const added: string[] = [];
    for (let n = 0; n < count; n++) {
      const [id = ''] = await add(queue, 1);
      await queue.waitForEnd(id, 90_000);
      added.push(id);
    }
    return added;
  };

  it('is told after an absence what ended meanwhile, in order and once, and then the rest', async () => {
    const { queue, name, first } = await followed();
    await first.stop();
    const missed = await run(queue, 5);
    const { events } = follow(queue, name);
    await until('they are told', () => events.length === 5);
    const [next = ''] = await run(queue, 1);
    await until('the next is told', () => ids(events).includes(next));
    assert.deepEqual(ids(events), [...missed, next]);
  });

  it('is told nothing of before when it follows for the first time, or was forgotten', async () => {
    const { queue, name, first } = await followed();
    await first.stop(true);
    const before = await run(queue, 2);
    const { events } = follow(queue, name);
    // The position is stored when it is not there.
    await until('a job is told', async () => {
      await run(queue, 1);
      return events.length > 0;
    });
    const told = ids(events);
    assert.equal(new Set(told).size, told.length);
    assert.deepEqual(
      before.filter((id) => told.includes(id)),
      [],
    );
  });
});

describeStores(
  'a worker process that is killed',
  (address) => {
    const { address: where, open, work, hear } = queues(address);

    it('makes its job stall, which is told', async () => {
      const queue_name = unique('queue');
      const queue = open(queue_name, {}, quick);
      const events = hear(queue, 'stalled');
      const [id] = await add(queue, 1);
      const input = JSON.stringify({ address: where(), queue_name, jobs: 1, hang: true });
      const killed = fork(child, [input]);
      await once(killed, 'message');
      killed.kill('SIGKILL');
      await once(killed, 'exit');
      work(queue);
      const [event] = await until('it is told', () => events.length > 0 && events);
      assert.deepEqual([event?.job?.id, event?.job?.name], [id, 'pipeline']);
    });
  },
  ['redis', 'postgres'],
);
