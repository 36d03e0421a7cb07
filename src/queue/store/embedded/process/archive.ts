import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, brotliDecompress, constants } from 'node:zlib';
import { sync, syncDirectory } from './sync.ts';

/**
 * A directory as one file, compressed with Brotli: the length of the list (32 bits), the list as JSON, and the contents
 * of its files one after the other.
 */
interface List {
  directories: string[];
  files: { path: string; size: number }[];
}

/** Packs all that lies in `directory`. */
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
    // The highest quality would make it an eighth smaller, and take thirty times as long.
    params: { [constants.BROTLI_PARAM_QUALITY]: 9, [constants.BROTLI_PARAM_LGWIN]: 24 },
  });
}

/** Unpacks into `directory`, which must not be there yet; when it resolves, all is on the disk but its own entry. */
export async function unpack(archive: Buffer, directory: string): Promise<void> {
  const bytes = await promisify(brotliDecompress)(archive);
  let end = 4 + bytes.readUInt32BE();
  const { directories, files } = JSON.parse(bytes.toString('utf8', 4, end)) as List;
  await mkdir(directory, { mode: 0o700 });
  for (const path of directories) await mkdir(join(directory, path), { mode: 0o700 });
  for (const { path, size } of files) {
    await writeFile(join(directory, path), bytes.subarray(end, (end += size)), { mode: 0o600 });
  }
  // After all writes: the first of these brings most of the rest to the disk with it.
  for (const { path } of files) await sync(join(directory, path));
  for (const path of directories) await syncDirectory(join(directory, path));
  await syncDirectory(directory);
}

function orIfDirectory(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'EISDIR') throw error;
}

/** Where the build puts the packed directory of an empty database. */
export const TEMPLATE = join(dirname(__filename), 'template.br');
