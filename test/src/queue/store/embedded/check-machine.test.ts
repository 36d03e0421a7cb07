import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { openEmbeddedDatabase } from '../../../../../src/queue/store/embedded/shared-databases.ts';
import { closing } from '../../../../helpers/closing.ts';
import { temporaryDirectory } from '../../../../helpers/servers.ts';

describe('an embedded database on a machine that cannot run it', function () {
  const closeAfter = closing();
  const directory = temporaryDirectory('machine');
  const data = join(directory, 'data');
  const warnings: string[] = [];

  before(async () => {
    const pool = await openEmbeddedDatabase(directory);
    await pool.query('CREATE TABLE row (n int); INSERT INTO row VALUES (1)');
    await pool.close();
  });

  async function rows(): Promise<number[]> {
    const pool = await openEmbeddedDatabase(directory, { onWarning: (text) => warnings.push(text) });
    closeAfter(() => pool.close());
    return (await pool.query<{ n: number }>('SELECT n FROM row')).rows.map(({ n }) => n);
  }

  /** Opens the database in another process, after a shell command. */
  function openAfter(line: string): Promise<unknown> {
    const script = join(__dirname, 'hold-open.js');
    const shell = ['-c', `${line}; exec "$0" "$@"`, process.execPath, script, directory];
    return promisify(execFile)('sh', shell, { timeout: 110_000 });
  }

  // Only Node.js 20 on Linux exceeds the limit of the address space; elsewhere there is no limit, or the engine needs less.
  const hasLimit = process.platform === 'linux' && process.version.startsWith('v20.');
  const preloading = (...names: string[]) =>
    `export NODE_OPTIONS="${names.map((name) => `--require ${join(__dirname, name)}`).join(' ')}"`;
  const withoutMemory = preloading('without-memory.js');
  const shortage = hasLimit ? 'ulimit -v 4000000' : withoutMemory;
  const failsForMemory = () =>
    assert.rejects(openAfter(shortage), /StoreUnavailableError: .*could not allocate memory/);

  it('because memory is short is unavailable, keeps its files, and opens when there is memory', async () => {
    await failsForMemory();
    assert.deepEqual(readdirSync(directory), ['data']);
    assert.deepEqual(await rows(), [1]);
    assert.deepEqual(warnings, []);
  });

  it('is unavailable at once, even if its process hangs afterwards', () =>
    assert.rejects(
      openAfter(preloading('without-memory.js', 'never-ends.js')),
      /StoreUnavailableError: .*could not allocate memory/,
    ));

  it('for an unknown reason is unavailable, because an empty database does not open either', async () => {
    // Without a compiler, WebAssembly does not work.
    const opened = openAfter('export NODE_OPTIONS=--jitless');
    await assert.rejects(
      opened,
      /StoreUnavailableError: .*an empty database does not open either: .*WebAssembly/,
    );
    assert.deepEqual(aside(), []);
    assert.deepEqual(await rows(), [1]);
    assert.deepEqual(warnings, []);
    assert.deepEqual(readdirSync(directory), ['data', 'lock']);
  });

  describe('in which a query had found damage', () => {
    before(() => writeFileSync(join(data, 'damaged'), 'invalid page'));

    it('is not set aside while memory is short', async () => {
      for (let attempt = 1; attempt <= 2; attempt++) await failsForMemory();
      assert.deepEqual(aside(), []);
    });

    it('repeatedly keeps three copies, then reports that a person must act', async () => {
      for (const copy of ['1', '2', '3']) mkdirSync(`${data}.corrupt-${copy}`);
      await assert.rejects(rows(), /GiveUpError: .*invalid page.*3 damaged copies/s);
      assert.equal(aside().length, 3);
      for (const name of aside().slice(1)) rmSync(join(directory, name), { recursive: true });
      await assert.rejects(rows(), /relation "row" does not exist/);
      assert.match(warnings.join('\n'), /was damaged.*invalid page/s);
      assert.equal(aside().length, 2);
    });
  });

  const aside = () => readdirSync(directory).filter((name) => name.startsWith('data.corrupt-'));
});
