import { readdir, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';

const CODE = ['.py', '.js', '.mjs', '.cjs'];
const DEEPEST = 8;

/** Folders and extensions of source files. Other files are data, which pipelines may write. */
const SOURCES = [
  { folder: '.', depth: 0, extensions: CODE },
  { folder: 'conf', depth: DEEPEST, extensions: ['.yml', '.yaml'] },
  { folder: 'hooks', depth: DEEPEST, extensions: CODE },
  { folder: 'pipelines', depth: DEEPEST, extensions: [...CODE, '.json'] },
];
const SKIPPED = /^(\..*|node_modules|__pycache__|venv)$/;
const MOST_FILES = 2000;

/**
 * Returns a text that changes with every source file in `pipelines/`, `conf/` and `hooks/`, and with code files in the
 * project's folder. Reads at most 2,000 files.
 */
export async function projectVersion(base_dir: string): Promise<string> {
  const files: string[] = [];
  for (const { folder, depth, extensions } of SOURCES) {
    await collect({ directory: join(base_dir, folder), extensions, files }, depth);
  }
  const marks = files.map(async (file) => {
    const found = await stat(file).catch(() => undefined);
    return `${file} ${found?.mtimeMs} ${found?.size}`;
  });
  return (await Promise.all(marks)).toSorted().join('\n');
}

interface Place {
  directory: string;
  extensions: string[];
  files: string[];
}

async function collect({ directory, extensions, files }: Place, depth: number): Promise<void> {
  const entries = await readdir(directory, { withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    if (files.length >= MOST_FILES) return;
    const path = join(directory, entry.name);
    if (entry.isDirectory()) {
      if (depth > 0 && !SKIPPED.test(entry.name))
        await collect({ directory: path, extensions, files }, depth - 1);
    } else if (extensions.includes(extname(entry.name))) files.push(path);
  }
}
