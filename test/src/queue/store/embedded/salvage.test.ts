import assert from 'node:assert/strict';
import { closeSync, openSync, readdirSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { listJobs } from '../../../../../src/queue/inspect/list-jobs.ts';
import { openEmbeddedDatabase } from '../../../../../src/queue/store/embedded/shared-databases.ts';
import { preparedDirectory } from '../../../../helpers/embedded.ts';
import {
  closeBenches,
  counts,
  job,
  never,
  openBench,
  succeed,
  type Bench,
} from '../../../../helpers/queue-bench.ts';
import { until } from '../../../../helpers/until.ts';

const PAGE = 8192;
const PER_QUEUE = 200;

describe('an embedded store with damaged files', function () {
  let directory: string;
  let bench: Bench;

  beforeEach(async () => {
    directory = await preparedDirectory();
    bench = openBench({ store: 'embedded', directory });
  });
  afterEach(closeBenches);

  const reopen = async () => {
    await bench.close();
    bench = openBench({ store: 'embedded', directory }, { queue: bench.queue });
  };
  const add = (payloads: unknown[]) =>
    Promise.all(payloads.map((payload) => bench.producer.add(job(payload))));
  const warning = () =>
    until('it is told', () => bench.warnings.find((text) => text.includes('was damaged')));

  /** Asks the database, and closes the store. */
  async function ask<R>(text: string): Promise<R[]> {
    const pool = await openEmbeddedDatabase(directory);
    const { rows } = await pool.query<R>(text);
    await bench.close();
    await pool.query('CHECKPOINT');
    await pool.close();
    return rows;
  }

  function garble(path: string, page: number): void {
    const file = openSync(join(directory, 'data', path), 'r+');
    writeSync(file, Buffer.alloc(PAGE, 'garbage'), 0, PAGE, page * PAGE);
    closeSync(file);
  }

  it('keeps the jobs of all other pages, and says how many', async () => {
    await add(Array.from({ length: PER_QUEUE }, (_, n) => n));
    const [place] = await ask<{ path: string; lost: string }>(
      `SELECT pg_relation_filepath('job') AS path, count(*) AS lost FROM job WHERE ctid >= '(2,0)' AND ctid < '(3,0)'`,
    );
    assert.ok(place && Number(place.lost) > 0);
    garble(place.path, 2);
    await reopen();
    const seen = new Set<unknown>();
    const worker = bench.work(async ({ msg }) => void seen.add(msg['payload']));
    const left = PER_QUEUE - Number(place.lost);
    await until('all others have run', () => worker.completed.length === left);
    assert.equal(seen.size, left);
    const aside = readdirSync(directory).filter((name) => name.startsWith('data.corrupt-'));
    assert.match(
      await warning(),
      new RegExp(`${left} jobs were saved, those in 1 pages of 8 KiB could not be read; .*${aside[0]}`),
    );
    assert.deepEqual(readdirSync(directory).toSorted(), ['data', aside[0], 'lock'].toSorted());
    assert.deepEqual(await counts(bench), { completed: left });
  });

  it('loses only the job whose large value is damaged', async () => {
    await add([1, 2, 3].map((n) => Array.from({ length: 20_000 }, (_, m) => n * m)));
    await add([4, 5]);
    const [place] = await ask<{ path: string }>(
      `SELECT pg_relation_filepath(reltoastrelid) AS path FROM pg_class WHERE oid = 'job'::regclass`,
    );
    garble(place?.path ?? '', 0);
    await reopen();
    const worker = bench.work(succeed);
    await until('the others have run', () => worker.completed.length === 4);
    assert.match(await warning(), /: 4 jobs were saved, 1 jobs could not be read; /);
    assert.deepEqual(await counts(bench), { completed: 4 });
  });

  it('keeps all jobs if only indexes are damaged, and a version that is gone', async () => {
    await add([1, 2, 3]);
    const paths = await ask<{ path: string }>(
      `SELECT pg_relation_filepath(indexrelid) AS path FROM pg_index WHERE indrelid = 'job'::regclass`,
    );
    for (const { path } of paths) garble(path, 0);
    rmSync(join(directory, 'data', 'PG_VERSION'));
    await reopen();
    const worker = bench.work(() => never());
    await until('one runs', () => worker.taken.length === 1);
    assert.match(await warning(), /: 3 jobs were saved, none could not be read; /);
    const { rows } = await listJobs(bench.store, bench.queue.queue_name, { state: 'waiting' });
    assert.equal(rows.length, 2);
  });
});
