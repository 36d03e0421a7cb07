import assert from 'node:assert/strict';
import { hostname } from 'node:os';
import { listWorkers } from '../../../../src/queue/inspect/list-workers.ts';
import { job, never, succeed, type Bench } from '../../../helpers/queue-bench.ts';
import { unique } from '../../../helpers/unique.ts';
import { until } from '../../../helpers/until.ts';
import type { Benches } from './inspect.test.ts';

const workersOf = ({ store, queue }: Bench) => listWorkers(store, queue.queue_name);

function isSeen(bench: Bench, count: number): Promise<unknown> {
  return until(`${count} workers are seen`, async () => (await workersOf(bench)).length === count);
}

export function workers({ open, openApart }: Benches): void {
  it('shows machine, process, start, concurrency and running jobs of each', async () => {
    const bench = open();
    assert.deepEqual(await workersOf(bench), []);
    const worker = bench.work(never, { concurrency: 3 });
    const ids = [await bench.producer.add(job(1)), await bench.producer.add(job(2))].map(({ id }) => id);
    await until('both run', () => worker.taken.length === 2);
    bench.work(never);
    await isSeen(bench, 2);
    const found = await workersOf(bench);
    const [idle, busy] = found.toSorted((a, b) => (a.concurrency ?? 0) - (b.concurrency ?? 0));
    assert.deepEqual([idle?.concurrency, idle?.running], [1, []]);
    assert.deepEqual([busy?.concurrency, busy?.process], [3, process.pid]);
    assert.deepEqual(busy?.running.map(({ id }) => id).toSorted(), ids.toSorted());
    assert.equal(busy.running[0]?.name, 'pipeline');
    assert.ok(hostname().startsWith(busy.machine ?? '?'));
    assert.ok(Math.abs(Number(busy.since) - Date.now()) < 120_000);
  });

  it('does not show one that has stopped', async () => {
    const bench = open();
    const worker = bench.work(succeed);
    await isSeen(bench, 1);
    await worker.stop();
    await isSeen(bench, 0);
  });

  it('shows those of other connections to a shared store, until their connection ends', async () => {
    const bench = open();
    const other = openApart(bench.queue);
    other.work(succeed);
    await isSeen(other, 1);
    await isSeen(bench, bench.store.kind === 'embedded' ? 0 : 1);
    await other.store.close();
    await isSeen(bench, 0);
  });

  it('distinguishes queues with long names and the same beginning', async () => {
    const prefix = unique('queue').padEnd(98, 'x');
    const bench = open({ queue_name: `${prefix}1` });
    const other = open({ queue_name: `${prefix}2` });
    bench.work(succeed);
    await isSeen(bench, 1);
    assert.deepEqual(await workersOf(other), []);
  });
}
