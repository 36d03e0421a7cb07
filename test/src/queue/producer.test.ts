import assert from 'node:assert/strict';
import {
  GiveUpError,
  InterruptedError,
  type OptionsError,
  OverloadedError,
  SerializeError,
} from '../../../src/base/errors.ts';
import type { StoreQueue, ErrorKind } from '../../../src/queue/store/driver.ts';
import type { NewJob } from '../../../src/queue/job/new-job.ts';
import { openProducer, type Producer, type ProducerLimits } from '../../../src/queue/producer.ts';
import type { Store } from '../../../src/queue/store/store.ts';
import { job } from '../../helpers/queue-bench.ts';
import { until } from '../../helpers/until.ts';

type Data = { mqtt_message: unknown };
type Options = { jobId: string };
type Batch = { id: string; payload: unknown }[];

/** A store that lets the test answer each write, and remembers the stored jobs. */
class FakeStore {
  readonly stored: Batch = [];
  readonly writes: { batch: Batch; answer: (error?: Error) => void }[] = [];
  readonly warnings: string[] = [];

  readonly queue = {
    add: async (_name: string, data: Data, opts: Options) => (await this.write([{ data, opts }]))[0],
    addBulk: (entries: { data: Data; opts: Options }[]) => this.write(entries),
  };

  write(entries: { data: Data; opts: Options }[]): Promise<Batch> {
    return new Promise((resolve, reject) => {
      const batch = entries.map(({ opts, data }) => ({ id: opts.jobId, payload: data.mqtt_message }));
      const answer = (error?: Error) => {
        if (error) return reject(error);
        this.stored.push(...batch);
        resolve(batch);
      };
      this.writes.push({ batch, answer });
    });
  }

  producer(limits?: ProducerLimits): Producer {
    const store = {
      queue: () => Promise.resolve(this.queue as unknown as StoreQueue),
      connection: () => ({ state: 'connected' }),
      classifyError: (error: Error) => error.message as ErrorKind,
      minuteLog: () => ({ onStored: () => undefined }),
      warn: (text: string) => this.warnings.push(text),
    };
    return openProducer(store as unknown as Store, {}, limits);
  }

  async nextWrite() {
    return until('a write', () => this.writes.shift());
  }
}

const payloads = (batch: Batch) => batch.map(({ payload }) => payload);

describe('a producer', () => {
  let store: FakeStore;
  let producer: Producer;

  function open(limits?: ProducerLimits): void {
    store = new FakeStore();
    producer = store.producer(limits);
  }
  beforeEach(() => open());
  afterEach(() => producer.close(0));

  const addAll = (count: number) =>
    Promise.allSettled(Array.from({ length: count }, (_, n) => producer.add(job(n))));

  it('limits the jobs per write', async () => {
    open({ batch: 3 });
    const added = addAll(7);
    const sizes: number[] = [];
    while (sizes.reduce((sum, size) => sum + size, 0) < 7) {
      const { batch, answer } = await store.nextWrite();
      sizes.push(batch.length);
      answer();
    }
    await added;
    assert.deepEqual(sizes, [3, 3, 1]);
    assert.equal(producer.waiting(), 0);
  });

  it('limits the bytes per write to an eighth of the bytes that may wait', async () => {
    open({ waitingSize: 16_000 });
    const added = Promise.all([1, 2, 3].map(() => producer.add(job('x'.repeat(1200)))));
    const sizes = [];
    for (let write = 0; write < 3; write++) {
      const { batch, answer } = await store.nextWrite();
      sizes.push(batch.length);
      answer();
    }
    await added;
    assert.deepEqual(sizes, [1, 1, 1]);
  });

  it('writes a large job alone, in the order in which jobs came', async () => {
    const large = 'x'.repeat(40_000);
    const added = Promise.all([1, 2, large, large, 5, 6].map((payload) => producer.add(job(payload))));
    const batches: unknown[][] = [];
    while (batches.flat().length < 6) {
      const { batch, answer } = await store.nextWrite();
      batches.push(payloads(batch));
      answer();
    }
    await added;
    assert.deepEqual(batches, [[1, 2], [large], [large], [5, 6]]);
  });

  it('repeats a write with the same IDs while the store is unavailable', async () => {
    const added = addAll(3);
    const first = await store.nextWrite();
    first.answer(new Error('away'));
    const second = await store.nextWrite();
    assert.deepEqual(second.batch, first.batch);
    second.answer();
    assert.deepEqual(
      (await added).map(({ status }) => status),
      ['fulfilled', 'fulfilled', 'fulfilled'],
    );
  });

  it('rejects only the job that the store rejects, and stores the others of its write', async () => {
    const added = addAll(4);
    const { batch, answer } = await store.nextWrite();
    answer(new Error('refused'));
    for (const { payload } of batch) {
      const single = await store.nextWrite();
      assert.deepEqual(payloads(single.batch), [payload]);
      single.answer(payload === 2 ? new Error('refused') : undefined);
    }
    const results = await added;
    assert.deepEqual(
      results.map(({ status }) => status),
      ['fulfilled', 'fulfilled', 'rejected', 'fulfilled'],
    );
    const [refused] = results.filter((result) => result.status === 'rejected');
    assert.ok(refused?.reason instanceof GiveUpError);
    assert.deepEqual(payloads(store.stored), [0, 1, 3]);
  });

  it('retries a job that fails with an unknown error, and does not hold up others', async () => {
    const added = addAll(2);
    (await store.nextWrite()).answer(new Error('unknown'));
    (await store.nextWrite()).answer(new Error('unknown'));
    (await store.nextWrite()).answer();
    const again = await store.nextWrite();
    assert.deepEqual(payloads(again.batch), [0]);
    again.answer();
    await added;
    assert.deepEqual(store.warnings, ['jobs wait to be stored: unknown']);
  });

  it('limits the waiting jobs and their bytes', async () => {
    open({ waiting: 2 });
    const added = addAll(2);
    await assert.rejects(producer.add(job(1)), OverloadedError);
    assert.equal(producer.waiting(), 2);
    await until('the first is written', () => store.writes.length > 0);
    store.writes.shift()?.answer();
    await added;
    const again = producer.add(job(1));
    (await store.nextWrite()).answer();
    await again;

    open({ waitingSize: 1000 });
    await assert.rejects(producer.add(job('x'.repeat(2000))), OverloadedError);
  });

  it('waits for the current write when it closes, and interrupts the other jobs', async () => {
    open({ batch: 1 });
    const added = addAll(2);
    const { answer } = await store.nextWrite();
    const closed = producer.close(300);
    answer();
    await closed;
    const [first, second] = await added;
    assert.equal(first?.status, 'fulfilled');
    assert.ok(second?.status === 'rejected' && second.reason instanceof InterruptedError);
    await assert.rejects(producer.add(job(1)), InterruptedError);
  });

  it('refuses a message that cannot be stored without calling the store', async () => {
    await assert.rejects(producer.add(job({ f: () => 1 })), SerializeError);
    assert.equal(producer.waiting(), 0);
  });

  it('lists every mistake in a job', async () => {
    const wrong = {
      name: 'a\0',
      msg: {},
      priority: -1,
      delay: 0.5,
      attempts: 0,
    } as unknown;
    await assert.rejects(producer.add(wrong as NewJob), (error: OptionsError) => {
      assert.equal(error.mistakes.length, 4, error.message);
      return true;
    });
    await assert.rejects(
      producer.add(job(1, { deduplication: { id: '' } })),
      /deduplication must have an id/,
    );
    await assert.rejects(producer.add(job(1, { once: { key: '', dup: false } })), /the key of a message/);
  });
});
