import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { NODE_ARGUMENTS } from '../../../../../src/queue/store/embedded/database-process.ts';
import { PGLITE, POSTGRES } from '../../../../../src/queue/store/embedded/process/postgres-version.ts';
import { saveJobs } from '../../../../../src/queue/store/embedded/process/save-jobs.ts';
import { preparedDirectory } from '../../../../helpers/embedded.ts';
import { closeBenches, openBench, succeed } from '../../../../helpers/queue-bench.ts';
import { temporaryDirectory } from '../../../../helpers/servers.ts';
import { until } from '../../../../helpers/until.ts';

describe('an embedded store of another version of PostgreSQL', () => {
  const original = temporaryDirectory('old');
  /** Returns a store with 30 jobs of the queue `old`, made with PostgreSQL 17. */
  const oldDirectory = () => {
    const directory = temporaryDirectory('old');
    cpSync(original, directory, { recursive: true });
    return directory;
  };

  before(async () => {
    const script = join(__dirname, 'make-old.js');
    const child = fork(script, [join(original, 'data')], { execArgv: NODE_ARGUMENTS });
    assert.deepEqual(await once(child, 'exit'), [null, 'SIGKILL']);
  });
  afterEach(closeBenches);

  it('is moved to that of today with its jobs, and kept', async () => {
    const directory = oldDirectory();
    const bench = openBench({ store: 'embedded', directory }, { queue: { queue_name: 'old' } });
    const worker = bench.work(succeed, { concurrency: 5 });
    await until('all have run', () => worker.completed.length === 30);
    const [aside, ...others] = readdirSync(directory).filter((name) => name.startsWith('data.'));
    assert.deepEqual(others, []);
    assert.match(aside ?? '', /^data\.postgres-17-/);
    assert.match(
      bench.warnings.join('\n'),
      new RegExp(`moved to PostgreSQL ${POSTGRES}: 30 jobs were saved, none could not be read; .*${aside}`),
    );
    assert.equal(readFileSync(join(directory, 'data', 'PG_VERSION'), 'utf8').trim(), POSTGRES);
    assert.ok(!existsSync(join(directory, 'data', 'saved-jobs.jsonl')));
    await bench.close();
    const again = openBench({ store: 'embedded', directory }, { queue: bench.queue });
    await again.store.queue('old');
    assert.deepEqual(again.warnings, []);
  });

  it('is moved although the process that reads it does not end by itself', async () => {
    const data = join(oldDirectory(), 'data');
    const target = temporaryDirectory('target');
    const pglite = require.resolve('pglite-17');
    process.env['NODE_OPTIONS'] = `--require ${join(__dirname, 'never-ends.js')}`;
    try {
      const saved = await saveJobs({ data, version: '17', pglite, target, onBusy: () => undefined });
      assert.deepEqual(saved, { jobs: 30, lostJobs: 0, lostPages: 0 });
    } finally {
      delete process.env['NODE_OPTIONS'];
    }
  });

  it('waits, and names the command that helps, while the PGlite of that version is missing', async () => {
    const directory = await preparedDirectory();
    const file = join(directory, 'data', 'PG_VERSION');
    writeFileSync(file, '16\n');
    const bench = openBench({ store: 'embedded', directory });
    await until('it has failed', () => bench.store.connection().state === 'failed');
    assert.match(
      JSON.stringify(bench.connections),
      new RegExp(`npm install --prefix ${directory} pglite-16@npm:@electric-sql/pglite@0\\.2\\.17`),
    );
    writeFileSync(file, `${POSTGRES}\n`);
    await until('it is connected', () => bench.store.connection().state === 'connected');
    assert.deepEqual(readdirSync(directory).toSorted(), ['data', 'lock']);
  });

  it('is known of every PGlite that this package has had', () => {
    const { dependencies } = require('../../../../../../package.json') as {
      dependencies: Record<string, string>;
    };
    assert.equal(PGLITE[POSTGRES], dependencies['@electric-sql/pglite']);
  });
});
