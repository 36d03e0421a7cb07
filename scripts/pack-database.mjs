// Packs a database with BullMQ's empty tables, because PostgreSQL's initdb would need 700 MB of memory and several seconds for
// each new embedded store, and BullMQ's migrations one second more. Cached in node_modules/.cache, because it only changes with
// PGlite and BullMQ.
import { createRequire } from 'node:module';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const require = createRequire(import.meta.url);

/** Writes the packed database to `target`. Must run in the package's directory, after the sources are compiled. */
export async function packDatabase(target) {
  const cache = 'node_modules/.cache/node-red-contrib-flowerpower-mqtt';
  const versions = await Promise.all(['@electric-sql/pglite', 'bullmq'].map(versionOf));
  const packed = join(cache, `database-${versions.join('-')}.br`);
  if (!existsSync(packed)) {
    console.log('Packing an empty database (once) ...');
    await mkdir(cache, { recursive: true });
    await writeFile(`${packed}.${process.pid}`, await makePacked());
    await rename(`${packed}.${process.pid}`, packed);
  }
  await copyFile(packed, target);
}

async function versionOf(name) {
  return JSON.parse(await readFile(`node_modules/${name}/package.json`, 'utf8')).version;
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
  await createTables(database);
  await database.exec('VACUUM FREEZE');
  await database.close();
}

/** Creates BullMQ's tables. What this package adds to them, it adds when it opens the database, as to an older one. */
async function createTables(database) {
  const { runMigrations } = require('bullmq');
  const query = async (text, values) =>
    values ? database.query(text, values) : (await database.exec(text)).at(-1);
  await runMigrations({ query }, 'bullmq', { skipVersionCheck: true });
}
