import { readdir } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import type { Pipeline } from './pipeline-run.ts';
import { kindOf, isName } from './pipeline-name.ts';

const MOST = 1000;
const DEEPEST = 8;

/** Lists at most 1,000 pipelines below `<base_dir>/pipelines`, sorted by name. Returns [] if the folder is missing. */
export async function listPipelines(base_dir: string): Promise<Pipeline[]> {
  const found: Pipeline[] = [];
  await collect({ directory: join(base_dir, 'pipelines'), prefix: '', found }, DEEPEST);
  return found.toSorted((one, other) => (one.name < other.name ? -1 : 1));
}

interface Place {
  directory: string;
  prefix: string;
  found: Pipeline[];
}

async function collect({ directory, prefix, found }: Place, depth: number): Promise<void> {
  for (const entry of await readdir(directory, { withFileTypes: true }).catch(() => [])) {
    if (found.length >= MOST) return;
    if (/^[._]/.test(entry.name) || entry.name === 'node_modules') continue;
    const path = join(directory, entry.name);
    const extension = entry.isFile() ? extname(entry.name) : '';
    const stem = basename(entry.name, extension);
    // A dot in a pipeline's name means a folder, so no name can refer to this file.
    if (stem.includes('.')) continue;
    if (entry.isDirectory() && depth > 0) {
      await collect({ directory: path, prefix: `${prefix}${stem}.`, found }, depth - 1);
    }
    const kind = kindOf(extension);
    const name = prefix + stem;
    if (kind && isName(name)) found.push({ name, kind, file: path });
  }
}
