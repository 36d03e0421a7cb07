import assert from 'node:assert/strict';
import { GiveUpError } from '../../../src/base/errors.ts';
import { listJobs } from '../../../src/queue/inspect/list-jobs.ts';
import { pauseQueue } from '../../../src/queue/inspect/pause-queue.ts';
import { readQueueState } from '../../../src/queue/inspect/queue-state.ts';
import { readJob } from '../../../src/queue/inspect/read-job.ts';
import type { StoreOptions } from '../../../src/queue/store/store-options.ts';
import { exportJobs, importJobs } from '../../../src/queue/transfer-jobs.ts';
import { preparedDirectory } from '../../helpers/embedded.ts';
import { closeBenches, fail, job, never, openBench, type Bench } from '../../helpers/queue-bench.ts';
import { describeStores } from '../../helpers/stores.ts';
import { unique } from '../../helpers/unique.ts';
import { until } from '../../helpers/until.ts';

const HOUR = 3_600_000;

describeStores(
  'an export of jobs',
  (address) => {
    let from: Bench;
    let to: Bench;

    /** A store that nobody else uses. */
    const fresh = async (): Promise<StoreOptions> => {
      const options = await address();
      if (options.store === 'embedded') return { ...options, directory: await preparedDirectory() };
      return { ...options, store: 'postgres', schema: unique('schema') };
    };
    beforeEach(async () => {
      from = openBench(await fresh());
      to = openBench(await fresh(), { queue: from.queue });
    });
    afterEach(closeBenches);

    const exported = async () => {
      const lines: string[] = [];
      for await (const line of exportJobs(from.store)) lines.push(line);
      return lines;
    };

    it('has every job of every queue as it is, keys and pauses', async () => {
      const { store, producer, queue } = from;
      const name = queue.queue_name;
      const ids: string[] = [];
      const worker = from.work(
        async ({ msg }, attempt) => {
          if (msg['payload'] === 'runs') return never();
          if (msg['payload'] === 'fails') return fail();
          await attempt.log('a line');
          await attempt.progress({ percent: 50 });
          return { done: [1, null, '\u00e4"\\\n'] };
        },
        { concurrency: 1 },
      );
      for (const payload of ['succeeds', 'fails', 'runs']) {
        const added = await producer.add(job(payload, { attempts: 1 }));
        ids.push(added.id);
      }
      await until('one runs', () => worker.taken.length === 3);
      await until('the others have ended', () => worker.completed.length + worker.dead.length === 2);
      await pauseQueue(store, name);
      for (const more of [{}, { delay: HOUR }, { priority: 3 }, { deduplication: { id: 'key' } }, {}]) {
        ids.push((await producer.add(job('later', more))).id);
      }
      const other = await store.queue(unique('other'));
      await other.add('foreign', null as never);
      await other.add('foreign', { digits: 1 } as never);
      const lines = await exported();
      const details = await Promise.all(ids.map((id) => readJob(store, name, id)));
      assert.deepEqual(
        details.map(({ state }) => state),
        ['completed', 'dead', 'running', 'waiting', 'delayed', 'waiting', 'waiting', 'waiting'],
      );

      const { jobs, refused } = await importJobs(to.store, stream(lines));
      assert.deepEqual({ jobs, refused }, { jobs: 10, refused: 0 });
      const arrived = await Promise.all(ids.map((id) => readJob(to.store, name, id)));
      const [, , running] = details;
      assert.ok(running);
      Object.assign(running, { state: 'waiting', attempt: 0, attemptsLog: [] });
      assert.deepEqual(arrived, details);
      const order = async (bench: Bench) => {
        const { rows } = await listJobs(bench.store, name, { state: 'waiting', order: 'oldest' });
        return rows.map(({ id }) => id);
      };
      assert.deepEqual(await order(to), [ids[2], ids[3], ids[6], ids[7], ids[5]]);
      assert.equal((await readQueueState(to.store, name)).isPaused, true);
      assert.ok((await to.producer.add(job('again', { deduplication: { id: 'key' } }))).deduplicated);
      const last = await to.producer.add(job('last'));
      assert.equal((await order(to)).at(-2), last.id, 'behind those without a priority');
      const there = await to.store.queue(other.name);
      for (const id of ['1', '2']) {
        assert.deepEqual((await there.getJob(id))?.data, (await other.getJob(id))?.data);
      }
      assert.equal((await there.add('foreign', {} as never)).id, '3');
    });

    it('is added again without harm, and what is there stays', async () => {
      const [first] = await Promise.all([1, 2, 3].map((n) => from.producer.add(job(n))));
      const lines = await exported();
      assert.equal((await importJobs(to.store, stream(lines))).jobs, 3);
      const worker = to.work(({ id }) => (id === first?.id ? Promise.resolve() : never()));
      await until('one is completed', () => worker.completed.length === 1);
      assert.equal((await importJobs(to.store, stream(lines))).jobs, 0);
      assert.equal((await readJob(to.store, from.queue.queue_name, first?.id ?? '')).state, 'completed');
    });

    it('is read in parts: many jobs, and large ones', async () => {
      const payloads = [...Array(200).keys(), ...Array(6).fill('x'.repeat(500_000))];
      await Promise.all(payloads.map((payload) => from.producer.add(job(payload))));
      assert.equal((await importJobs(to.store, exportJobs(from.store))).jobs, 206);
    });

    it('that ends early, is none, or has a row that the store refuses is told of', async () => {
      await Promise.all([1, 2, 3].map((n) => from.producer.add(job(n))));
      const lines = await exported();
      const importing = (given: string[]) => importJobs(to.store, stream(given));
      await assert.rejects(importing([]), GiveUpError);
      await assert.rejects(importing(['{"name": "x"}']), /line 1 is not the start/);
      await assert.rejects(importing([lines[0] ?? '', 'x']), /line 2 of the export/);
      await assert.rejects(importing(lines.slice(0, -1)), /not whole: it ends after \d+ rows/);
      const first = lines.findIndex((line) => line.includes('"job"'));
      const id = unique('job');
      const wrong = lines.map((line, index) =>
        index === first ? line.replace('"waiting"', '"strange"') : line.replace(/"id": "\w/, `"id": "${id}`),
      );
      const { jobs, refused, reason } = await importing(wrong);
      assert.deepEqual([jobs, refused], [2, 1]);
      assert.match(reason ?? '', /strange/);
    });
  },
  ['embedded', 'postgres'],
);

async function* stream(lines: string[]): AsyncGenerator<string> {
  yield* lines;
}
