import assert from 'node:assert/strict';
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  closeSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import type { EmbeddedPool } from '../../../../../src/queue/store/embedded/embedded-pool.ts';
import { NODE_ARGUMENTS } from '../../../../../src/queue/store/embedded/database-process.ts';
import { openEmbeddedDatabase } from '../../../../../src/queue/store/embedded/shared-databases.ts';
import { closing } from '../../../../helpers/closing.ts';
import { killDatabase } from '../../../../helpers/embedded.ts';
import { temporaryDirectory } from '../../../../helpers/servers.ts';
import { until } from '../../../../helpers/until.ts';
import type { OpenReport, OpenRequest } from './open-each.ts';

const MAKE_ROW = 'CREATE TABLE row (n int); INSERT INTO row VALUES (1)';

describe('an embedded database with damaged files', function () {
  const closeAfter = closing();
  /** Each test damages what the one before has left. */
  const directory = temporaryDirectory('damage');
  let pool: EmbeddedPool;
  let warnings: string[];

  async function open(): Promise<void> {
    warnings = [];
    pool = await openEmbeddedDatabase(directory, { onWarning: (text) => warnings.push(text) });
    closeAfter(() => pool.close());
  }

  const setAside = () => readdirSync(directory).filter((name) => name.startsWith('data.corrupt-'));

  // After three copies, a person must act.
  afterEach(() => {
    for (const name of setAside()) rmSync(join(directory, name), { recursive: true });
  });

  const insert = (n: number) => pool.query('INSERT INTO row VALUES ($1)', [n]);
  const rows = async () =>
    (await pool.query<{ n: number }>('SELECT n FROM row ORDER BY n')).rows.map(({ n }) => n);

  const data = () => join(directory, 'data');
  const damages: Record<string, () => void> = {
    'an empty control file': () => truncateSync(join(data(), 'global', 'pg_control'), 0),
    'a control file of garbage': () => garble(join(data(), 'global', 'pg_control')),
    'a control file that is gone': () => rmSync(join(data(), 'global', 'pg_control')),
    'no version': () => rmSync(join(data(), 'PG_VERSION')),
    'no log': () => rmSync(join(data(), 'pg_wal'), { recursive: true }),
    'no tables': () => rmSync(join(data(), 'base'), { recursive: true }),
    'nothing at all': () =>
      readdirSync(data()).forEach((name) => rmSync(join(data(), name), { recursive: true })),
  };

  describe('opens, and with', () => {
    let opener: ChildProcess;
    let ended: Promise<unknown>;

    before(async () => {
      opener = fork(join(__dirname, 'open-each.js'), { execArgv: NODE_ARGUMENTS });
      ended = once(opener, 'exit');
      const { warnings: warned } = await openIt(MAKE_ROW);
      assert.deepEqual(warned, []);
    });
    after(async () => {
      opener.kill('SIGKILL');
      await ended;
    });

    /** Opens the directory in the other process, and closes it. */
    async function openIt(...statements: string[]): Promise<OpenReport> {
      const told = once(opener, 'message') as Promise<[OpenReport]>;
      opener.send({ directory, statements } satisfies OpenRequest);
      const [report] = await Promise.race([told, ended.then(() => assert.fail('the process ended'))]);
      return report;
    }

    for (const [title, damage] of Object.entries(damages)) {
      it(`${title}: is set aside and replaced by an empty one`, async () => {
        damage();
        const report = await openIt('SELECT n FROM row', 'SELECT * FROM job', MAKE_ROW);
        const [row, job] = report.outcomes;
        assert.match(row?.error?.message ?? '', /does not exist/);
        assert.deepEqual(job?.results[0]?.rows, []);
        const aside = setAside();
        assert.equal(aside.length, 1);
        assert.match(report.warnings.join('\n'), new RegExp(`was damaged.*${aside[0]}`, 's'));
      });
    }
  });

  it('that a query finds is set aside and replaced, too, by one that keeps its rows', async () => {
    await open();
    await pool.query(MAKE_ROW);
    const {
      rows: [file],
    } = await pool.query<{ path: string }>("SELECT pg_relation_filepath('row') AS path");
    await pool.close();
    garble(join(data(), file?.path ?? ''));
    await open();
    await assert.rejects(rows(), /damaged: invalid page/);
    await until('an empty one took its place', () =>
      pool.query('SELECT * FROM job').then(
        () => true,
        () => false,
      ),
    );
    assert.match(warnings.join('\n'), /was damaged.*invalid page/s);
    await assert.rejects(rows(), /relation "row" does not exist/);
    await pool.query('CREATE TABLE row (n int)');
    await insert(2);
    await pool.close();
    await open();
    assert.deepEqual(await rows(), [2]);
    assert.deepEqual(warnings, []);
  });

  it('a log that ends in the middle of a record is not damage', async () => {
    await open();
    await pool.query('DELETE FROM row');
    for (let n = 1; n <= 5; n++) await insert(n);
    const {
      rows: [end],
    } = await pool.query<{ file: string; position: number }>(
      'SELECT file_name AS file, file_offset AS position FROM pg_walfile_name_offset(pg_current_wal_insert_lsn())',
    );
    assert.ok(end);
    killDatabase(directory);
    await assert.rejects(insert(6));
    await pool.close();
    const log = openSync(join(data(), 'pg_wal', end.file), 'r+');
    writeSync(log, Buffer.alloc(100, 'garbage'), 0, 100, end.position);
    closeSync(log);
    await open();
    assert.deepEqual(await rows(), [1, 2, 3, 4, 5]);
    assert.deepEqual(warnings, []);
  });
});

function garble(file: string): void {
  writeFileSync(file, Buffer.alloc(readFileSync(file).length, 'garbage'));
}
