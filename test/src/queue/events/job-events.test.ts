/** The events of jobs, and the wait for an end, are the same on every store. */
import assert from 'node:assert/strict';
import { JobFailedError, TimedOutError } from '../../../../src/base/errors.ts';
import { jobEventKinds, type JobEvent, type JobEventKind } from '../../../../src/queue/events/job-event.ts';
import { openQueue, type OpenQueue } from '../../../../src/queue/open-queue.ts';
import { readPickle } from '../../../../src/payload/pickle/pickle.ts';
import type { StoreOptions } from '../../../../src/queue/store/store-options.ts';
import type { WorkerOptions } from '../../../../src/queue/worker.ts';
import { closing } from '../../../helpers/closing.ts';
import { job } from '../../../helpers/queue-bench.ts';
import { describeStores } from '../../../helpers/stores.ts';
import { unique } from '../../../helpers/unique.ts';
import { until } from '../../../helpers/until.ts';

describeStores('events of jobs', (address) => {
  const later = closing();
  let options: StoreOptions;
  before(async () => {
    options = await address();
  });

  const open = (queue: object = {}, listeners: object = {}) => {
    const settings = { queue_name: unique('queue'), backoff_delay: 0.05, ...queue };
    const opened = openQueue(options, { queue: settings, listeners, readPickle });
    later(() => opened.close());
    return opened;
  };
  const work = (queue: OpenQueue, run: WorkerOptions['run'], more: Partial<WorkerOptions> = {}) => {
    const worker = queue.openWorker({ run, ...more });
    later(() => worker.stop(0));
    return worker;
  };
  /** Resolves when events are heard; they are from then on in the list. */
  const hear = async (queue: OpenQueue, ...kinds: JobEventKind[]) => {
    const events: JobEvent[] = [];
    let isHeard = false;
    const heard = queue.listen({ kinds: ['added'], onEvent: () => (isHeard = true) });
    await until('events are heard', async () => {
      if (!isHeard) await queue.producer().add(job('first'));
      return isHeard;
    });
    later(queue.listen({ kinds, onEvent: (event) => events.push(event) }));
    heard();
    await queue.inspector.empty();
    return events;
  };
  const untilKind = (events: JobEvent[], kind: JobEventKind) =>
    until(`${kind} is heard`, () => events.find((event) => event.kind === kind));

  it('a completed job comes with name, attempt, time, worker and decoded result', async () => {
    const queue = open();
    const events = await hear(queue, 'completed');
    work(queue, async () => ({ bytes: Buffer.from('x'), at: new Date(0) }));
    const { id } = await queue.producer().add(job(1, { name: 'clean' }));
    const { job: of, attempt, at, worker, result } = await untilKind(events, 'completed');
    assert.deepEqual([of?.id, of?.name, attempt, worker?.process], [id, 'clean', 1, process.pid]);
    assert.ok(Math.abs(Number(at) - Date.now()) < 60_000);
    assert.deepEqual(result, { bytes: Buffer.from('x'), at: new Date(0) });
  });

  it('each failed attempt is told once, and then the dead letter, with its error', async () => {
    const queue = open({ max_retries: 2, backoff: 'fixed', backoff_delay: 0.5 });
    const events = await hear(queue, 'failed', 'dead', 'completed');
    work(queue, () => Promise.reject(new Error('no luck')));
    const { id } = await queue.producer().add(job(1));
    await untilKind(events, 'dead');
    assert.deepEqual(
      events.map(({ kind, attempt }) => [kind, attempt]),
      [
        ['failed', 1],
        ['failed', 2],
        ['dead', 3],
      ],
    );
    for (const { job: of, error } of events) {
      assert.equal(of?.id, id);
      assert.equal(error?.message, 'no luck');
      assert.match(error.stack ?? '', /job-events/);
    }
  });

  it('what is added, reports progress, and pauses is told; a delayed job has not failed', async () => {
    const queue = open();
    const events = await hear(queue, ...jobEventKinds);
    const { producer, inspector } = queue;
    await inspector.pause();
    await untilKind(events, 'paused');
    const { id } = await producer().add(job(1, { name: 'slow', delay: 10 }));
    const added = await until('its event comes', () =>
      events.find(({ kind, job: of }) => kind === 'added' && of?.id === id),
    );
    assert.equal(added.job?.name, 'slow');
    await inspector.resume();
    await untilKind(events, 'resumed');
    work(queue, (_job, attempt) => attempt.progress({ step: 3n }));
    assert.deepEqual((await untilKind(events, 'progress')).progress, { step: 3n });
    await untilKind(events, 'completed');
    await untilKind(events, 'drained');
    assert.equal(
      events.some(({ kind }) => kind === 'failed'),
      false,
    );
  });

  it('who listens to something else, or no longer, hears nothing', async () => {
    const queue = open();
    const events = await hear(queue, 'dead');
    const ended: string[] = [];
    const stop = queue.listen({ kinds: ['completed'], onEvent: () => ended.push('stopped') });
    const others: unknown[] = [];
    const only = { kinds: ['completed'] as const, isWanted: (id: string) => id === 'other' };
    later(queue.listen({ ...only, onEvent: ({ job: of }) => others.push(of?.id) }));
    later(queue.listen({ kinds: ['completed'], onEvent: () => ended.push('heard') }));
    stop();
    work(queue, () => Promise.resolve());
    await queue.producer().add(job(1));
    await until('it is heard', () => ended.length > 0);
    assert.deepEqual([ended, others, events], [['heard'], [], []]);
  });

  it('a job that was waited for gives its result, also if it had ended before', async () => {
    const queue = open();
    work(queue, async ({ msg }) => ({ got: msg['payload'] }), { concurrency: 10 });
    const added = await Promise.all(Array.from({ length: 20 }, (_, n) => queue.producer().add(job(n))));
    const wait = () => Promise.all(added.map(({ id }) => queue.waitForEnd(id, 90_000)));
    const expected = added.map((_, n) => ({ got: n }));
    assert.deepEqual(await wait(), expected);
    assert.deepEqual(await wait(), expected);
  });

  it('a wait for a dead letter fails with its error, one for a removed job says so, and a wait is bounded', async () => {
    const queue = open({ max_retries: 0 });
    const { id: waiting } = await queue.producer().add(job(1, { delay: 60_000 }));
    await assert.rejects(queue.waitForEnd(waiting, 50), TimedOutError);
    const removed = assert.rejects(queue.waitForEnd(waiting, 90_000), /is gone: it was removed/);
    await queue.inspector.remove(waiting);
    work(queue, () => Promise.reject(new Error('no luck')));
    const { id } = await queue.producer().add(job(2));
    await assert.rejects(queue.waitForEnd(id, 90_000), (error: Error) => {
      assert.ok(error instanceof JobFailedError);
      assert.deepEqual([error.message, error.jobId], ['no luck', id]);
      return true;
    });
    await removed;
  });

  it('a wait ends when the queue closes', async () => {
    const queue = open();
    const { id } = await queue.producer().add(job(1));
    const waiting = assert.rejects(queue.waitForEnd(id, 20_000), /closed/);
    await queue.close();
    await waiting;
  });
});
