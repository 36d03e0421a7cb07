import assert from 'node:assert/strict';
import { readHistory } from '../../../../src/queue/inspect/history.ts';
import { MINUTE, MINUTES_KEPT, newMinute } from '../../../../src/queue/history/minute-counts.ts';
import { fail, job, succeed, type Bench } from '../../../helpers/queue-bench.ts';
import { until } from '../../../helpers/until.ts';
import type { Benches } from './inspect.test.ts';

const thisMinute = () => Math.floor(Date.now() / MINUTE);
/** Minutes: the oldest of a history, and some, which a test may take. */
const OLDEST = MINUTES_KEPT - 10;

const flush = ({ store, queue }: Bench) => store.minuteLog(queue.queue_name).flush();

/** The sum of all rows: a test may run over the end of a minute. */
async function total({ store, queue }: Bench) {
  const [row] = await readHistory(store, queue.queue_name, { minutesPerRow: MINUTES_KEPT });
  return row;
}

export function history({ open, openApart }: Benches): void {
  it('counts what was enqueued, completed and became a dead letter, and what waits', async () => {
    const bench = open({ backoff: 'fixed', backoff_delay: 0, max_retries: 1 });
    assert.equal(await total(bench), undefined);
    for (const payload of [1, 2, 'bad']) await bench.producer.add(job(payload, { delay: 1 }));
    await bench.producer.add(job(1, { deduplication: { id: 'once' } }));
    assert.equal((await bench.producer.add(job(1, { deduplication: { id: 'once' } }))).deduplicated, true);
    const worker = bench.work(({ msg }) => (msg['payload'] === 'bad' ? fail() : succeed()));
    await until('all have ended', () => worker.completed.length === 3 && worker.dead.length === 1);
    await worker.stop(0);
    await bench.producer.add(job(1, { priority: 3 }));
    await bench.producer.add(job(1));
    await flush(bench);
    const { minute, waitP50, waitP95, runP50, runP95, ...counts } = (await total(bench))!;
    assert.deepEqual(counts, { enqueued: 6, completed: 3, failed: 1, backlog: 2, deploys: [] });
    assert.equal(minute.getTime() % MINUTE, 0);
    assert.ok(waitP50! > 0 && waitP50! <= waitP95!, `${waitP50} and ${waitP95}`);
    assert.ok(runP50! > 0 && runP50! <= runP95!, `${runP50} and ${runP95}`);
  });

  it('adds the counts of all processes, and has the percentiles of all their jobs', async () => {
    const bench = open();
    const other = openApart(bench.queue);
    for (const [{ store, queue }, ms] of [
      [bench, 3],
      [other, 30_000],
    ] as const) {
      const log = store.minuteLog(queue.queue_name);
      for (let n = 0; n < (ms === 3 ? 90 : 10); n++) log.onFailed(ms, false);
      log.onStored(1, false);
    }
    await Promise.all([flush(bench), flush(other)]);
    await flush(bench);
    const row = await total(bench);
    assert.deepEqual([row?.enqueued, row?.waitP50], [2, undefined]);
    assert.ok(row!.runP50! > 2 && row!.runP50! < 5, String(row?.runP50));
    assert.ok(row!.runP95! > 20_000 && row!.runP95! < 50_000, String(row?.runP95));
  });

  it('goes back 7 days, in rows of one or more minutes', async () => {
    const bench = open();
    const access = await bench.store.access(bench.queue.queue_name);
    const now = thisMinute();
    const ages = [MINUTES_KEPT + 1, OLDEST, 100, 11, 10, 0];
    for (const age of ages) await access.addMinute({ ...newMinute(now - age), enqueued: age });
    const rows = async (options?: Parameters<typeof readHistory>[2]) =>
      (await readHistory(bench.store, bench.queue.queue_name, options)).map(({ enqueued }) => enqueued);
    assert.deepEqual(await rows(), [11, 10, 0]);
    assert.deepEqual(await rows({ since: new Date(0) }), [OLDEST, 100, 11, 10, 0]);
    assert.deepEqual(await rows({ since: new Date((now - 10) * MINUTE) }), [10, 0]);
    await assert.rejects(rows({ minutesPerRow: 0 }), /minutesPerRow must be/);
    await assert.rejects(rows({ since: 'x' as unknown as Date }), /since must be a date/);
  });

  it('goes back 7 days in rows of hours, whose first is whole', async () => {
    const bench = open();
    const access = await bench.store.access(bench.queue.queue_name);
    const now = thisMinute();
    const ages = [MINUTES_KEPT + 100, OLDEST, 100, 11, 10, 0];
    for (const age of ages) await access.addMinute({ ...newMinute(now - age), enqueued: age });
    const since = new Date(0);
    const hours = await readHistory(bench.store, bench.queue.queue_name, { since, minutesPerRow: 60 });
    assert.equal(
      hours.reduce((sum, { enqueued }) => sum + enqueued, 0),
      OLDEST + 100 + 11 + 10,
    );
    assert.ok(hours.length <= 4 && hours.every(({ minute }) => minute.getTime() % (60 * MINUTE) === 0));
  });

  it('has the minutes of the deploys, and in a row of several minutes the sums and the last backlog', async () => {
    const bench = open();
    const access = await bench.store.access(bench.queue.queue_name);
    const hourAgo = thisMinute() - 60;
    const begin = hourAgo - (hourAgo % 10);
    await bench.producer.add(job(1));
    const minute = (after: number, ms: number) => {
      const counts = newMinute(begin + after);
      for (let n = 0; n < 10; n++) counts.run.record(ms);
      return counts;
    };
    await access.addMinute({ ...minute(0, 3), deploys: 1 });
    await bench.producer.add(job(1));
    await access.addMinute({ ...minute(7, 30_000), failed: 2 });
    await access.addMinute({ ...minute(8, 3), deploys: 1, failed: 3 });
    await access.addMinute({ ...newMinute(begin + 8), deploys: 1 });
    await access.addMinute(minute(10, 3));
    const since = new Date(begin * MINUTE);
    const rows = await readHistory(bench.store, bench.queue.queue_name, { since, minutesPerRow: 10 });
    assert.equal(rows.length, 2);
    const { deploys, failed, backlog, runP50, runP95, ...first } = rows[0]!;
    assert.deepEqual(
      deploys.map((deploy) => deploy.getTime() / MINUTE - begin),
      [0, 8],
    );
    assert.deepEqual([first.minute, failed, backlog, first.waitP50], [since, 5, 2, undefined]);
    assert.ok(runP50! < 5 && runP95! > 20_000, `${runP50} and ${runP95}`);
    assert.deepEqual([rows[1]?.deploys, rows[1]?.failed], [[], 0]);
    const hours = await readHistory(bench.store, bench.queue.queue_name, { since, minutesPerRow: 60 });
    const sum = (of: typeof hours) => of.reduce((jobs, { failed: more }) => jobs + more, 0);
    assert.deepEqual([sum(hours), hours.at(-1)?.backlog], [5, 2]);
    assert.ok(hours[0]!.deploys.length === 1 && hours[0]!.runP95! > 20_000);
  });

  it('is written when the store closes', async () => {
    const bench = open();
    const other = openApart(bench.queue);
    await other.producer.add(job(1));
    // Its connections are open then: a store that closes waits only half a second for the last write.
    await flush(other);
    await other.producer.add(job(1));
    await other.close();
    await until('all is written', async () => (await total(bench))?.enqueued === 2);
  });
}
