import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Files that make a pipeline what it is. */
const SOURCE = /\.(py|ya?ml|[cm]?js|json)$/;
const SKIPPED = /^(\..*|node_modules|__pycache__|venv)$/;
const MOST_FILES = 2000;
const DEEPEST = 8;

/** A text that changes whenever a source file below `directory` changes; files beyond the first 2,000 do not count. */
export async function projectVersion(directory: string): Promise<string> {
  const files: string[] = [];
  await collect(directory, DEEPEST, files);
  const marks = files.toSorted().map(async (file) => {
    const found = await stat(file).catch(() => undefined);
    return `${file} ${found?.mtimeMs} ${found?.size}`;
  });
  return (await Promise.all(marks)).join('\n');
}

async function collect(directory: string, depth: number, files: string[]): Promise<void> {
  const entries = await readdir(directory, { withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    if (files.length >= MOST_FILES) return;
    const path = join(directory, entry.name);
    if (entry.isDirectory() && depth > 0 && !SKIPPED.test(entry.name)) await collect(path, depth - 1, files);
    else if (SOURCE.test(entry.name)) files.push(path);
  }
}
