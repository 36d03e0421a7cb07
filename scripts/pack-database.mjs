// Packs an empty database, because PostgreSQL's initdb would need 700 MB of memory and several seconds for each new embedded
// store. Cached in node_modules/.cache, because it only changes with PGlite.
import { createRequire } from 'node:module';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const require = createRequire(import.meta.url);

/** Writes the packed database to `target`. Must run in the package's directory, after the sources are compiled. */
export async function packDatabase(target) {
  const { version } = JSON.parse(await readFile('node_modules/@electric-sql/pglite/package.json', 'utf8'));
  const cache = 'node_modules/.cache/node-red-contrib-flowerpower-mqtt';
  const packed = join(cache, `database-${version}.br`);
  if (!existsSync(packed)) {
    console.log('Packing an empty database (once) ...');
    await mkdir(cache, { recursive: true });
    await writeFile(`${packed}.${process.pid}`, await makePacked());
    await rename(`${packed}.${process.pid}`, packed);
  }
  await copyFile(packed, target);
}

async function makePacked() {
  const { pack } = require('../dist/src/queue/store/embedded/process/archive.js');
  const directory = await mkdtemp(join(tmpdir(), 'fp-database-'));
  try {
    await initialize(directory);
    return await pack(directory);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function initialize(directory) {
  const { PGlite } = require('@electric-sql/pglite');
  // Small log files: less to write for a new store, and a shorter pause when the next file is created.
  const database = await PGlite.create(directory, { initDbStartParams: ['--wal-segsize=4'] });
  await database.exec('UPDATE pg_database SET datistemplate = false');
  // Remove the databases for creating further ones; the remaining one can be vacuumed completely.
  for (const name of ['template0', 'template1']) await database.exec(`DROP DATABASE ${name}`);
  await database.exec('VACUUM FREEZE');
  await database.close();
}
