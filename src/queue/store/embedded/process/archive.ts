import { mkdirSync, writeFileSync } from 'node:fs';
import { readFile, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, brotliDecompress, constants } from 'node:zlib';
import { sync, syncDirectory } from './sync.ts';

/**
 * Table of contents of an archive. An archive is compressed with Brotli: length of the list (32 bits), the list as
 * JSON, then the contents of the files.
 */
interface List {
  directories: string[];
  files: { path: string; size: number }[];
}

/** Packs the contents of `directory`. */
export async function pack(directory: string): Promise<Buffer> {
  const list: List = { directories: [], files: [] };
  const contents: Buffer[] = [];
  for (const path of (await readdir(directory, { recursive: true })).toSorted()) {
    const content = await readFile(join(directory, path)).catch(orIfDirectory);
    if (content) {
      list.files.push({ path, size: content.length });
      contents.push(content);
    } else {
      list.directories.push(path);
    }
  }
  const text = Buffer.from(JSON.stringify(list));
  const length = Buffer.alloc(4);
  length.writeUInt32BE(text.length);
  return promisify(brotliCompress)(Buffer.concat([length, text, ...contents]), {
    // The highest quality is only an eighth smaller, but takes thirty times as long.
    params: { [constants.BROTLI_PARAM_QUALITY]: 9, [constants.BROTLI_PARAM_LGWIN]: 24 },
  });
}

/** Unpacks into a new `directory`. Resolves when everything is on disk except the entry of `directory` itself. */
export async function unpack(archive: Buffer, directory: string): Promise<void> {
  const bytes = await promisify(brotliDecompress)(archive);
  let end = 4 + bytes.readUInt32BE();
  const { directories, files } = JSON.parse(bytes.toString('utf8', 4, end)) as List;
  // Hundreds of small files: written asynchronously, each would take several times as much processor time.
  mkdirSync(directory, { mode: 0o700 });
  for (const path of directories) mkdirSync(join(directory, path), { mode: 0o700 });
  for (const { path, size } of files) {
    writeFileSync(join(directory, path), bytes.subarray(end, (end += size)), { mode: 0o600 });
  }
  // Sync after all writes: the first fsync writes most of the other files, too.
  for (const { path } of files) {
    sync(join(directory, path));
    // On a slow disk this takes long, and the lock of the directory must be touched meanwhile.
    await new Promise(setImmediate);
  }
  for (const path of directories) syncDirectory(join(directory, path));
  syncDirectory(directory);
}

function orIfDirectory(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'EISDIR') throw error;
}

/** Path of the packed empty database, which the build creates. */
export const TEMPLATE = join(dirname(__filename), 'template.br');
