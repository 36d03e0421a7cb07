import assert from 'node:assert/strict';
import { closeSync, cpSync, openSync, readdirSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { listJobs } from '../../../../../src/queue/inspect/list-jobs.ts';
import { openEmbeddedDatabase } from '../../../../../src/queue/store/embedded/shared-databases.ts';
import {
  closeBenches,
  counts,
  job,
  never,
  openBench,
  succeed,
  type Bench,
} from '../../../../helpers/queue-bench.ts';
import { temporaryDirectory } from '../../../../helpers/servers.ts';
import { until } from '../../../../helpers/until.ts';

const PAGE = 8192;
/** Of some pages. */
const SMALL = 80;
/** Each is in pages of its own. */
const LARGE = 3;
const JOBS = SMALL + LARGE;

interface Places {
  jobs: string;
  large: string;
  indexes: string[];
  /** Number of jobs in the third page. */
  in_page: string;
}

/** The files of the jobs, of their large values and of their indexes. */
const PLACES = `
  SELECT pg_relation_filepath('job') AS jobs, pg_relation_filepath(reltoastrelid) AS large,
    (SELECT array_agg(pg_relation_filepath(indexrelid)) FROM pg_index WHERE indrelid = 'job'::regclass) AS indexes,
    (SELECT count(*) FROM job WHERE ctid >= '(2,0)' AND ctid < '(3,0)') AS in_page
  FROM pg_class WHERE oid = 'job'::regclass`;

describe('an embedded store with damaged files', function () {
  let original: string;
  let places: Places;
  let directory: string;
  let bench: Bench;

  before(async () => {
    original = temporaryDirectory('salvage');
    bench = openBench({ store: 'embedded', directory: original });
    const small = Array.from({ length: SMALL }, (_, n) => n);
    const large = Array.from({ length: LARGE }, (_, n) =>
      Array.from({ length: 20_000 }).map((_item, m) => n * m + m),
    );
    await Promise.all([...small, ...large].map((payload) => bench.producer.add(job(payload))));
    const pool = await openEmbeddedDatabase(original);
    places = (await pool.query<Places>(PLACES)).rows[0]!;
    await pool.query('CHECKPOINT');
    await bench.close();
    await pool.close();
  });
  beforeEach(() => {
    directory = temporaryDirectory('salvage');
    cpSync(original, directory, { recursive: true });
  });
  afterEach(closeBenches);

  const open = () => (bench = openBench({ store: 'embedded', directory }, { queue: bench.queue }));
  const warning = () =>
    until('it is told', () => bench.warnings.find((text) => text.includes('was damaged')));

  function garble(path: string, page: number): void {
    const file = openSync(join(directory, 'data', path), 'r+');
    writeSync(file, Buffer.alloc(PAGE, 'garbage'), 0, PAGE, page * PAGE);
    closeSync(file);
  }

  it('keeps the jobs of all other pages, and says how many', async () => {
    const lost = Number(places.in_page);
    assert.ok(lost > 0);
    garble(places.jobs, 2);
    open();
    const seen = new Set<unknown>();
    const worker = bench.work(async ({ msg }) => void seen.add(JSON.stringify(msg['payload'])));
    const left = JOBS - lost;
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
    garble(places.large, 0);
    open();
    const worker = bench.work(succeed);
    await until('the others have run', () => worker.completed.length === JOBS - 1);
    assert.match(await warning(), new RegExp(`: ${JOBS - 1} jobs were saved, 1 jobs could not be read; `));
    assert.deepEqual(await counts(bench), { completed: JOBS - 1 });
  });

  it('keeps all jobs if only indexes are damaged, and a version that is gone', async () => {
    for (const path of places.indexes) garble(path, 0);
    rmSync(join(directory, 'data', 'PG_VERSION'));
    open();
    const worker = bench.work(() => never());
    await until('one runs', () => worker.taken.length === 1);
    assert.match(await warning(), new RegExp(`: ${JOBS} jobs were saved, none could not be read; `));
    assert.deepEqual(await counts(bench), { active: 1, waiting: JOBS - 1 });
    const { rows } = await listJobs(bench.store, bench.queue.queue_name, { state: 'waiting' });
    assert.ok(rows.length > 1);
  });
});
