import { realpath, stat } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';
import { PipelineNotFoundError } from '../base/errors.ts';
import { listPipelines } from './list-pipelines.ts';
import { EXTENSIONS, isName, kindOf } from './pipeline-name.ts';
import type { Pipeline } from './pipeline-run.ts';

const MOST_LISTED = 20;

/**
 * Finds a pipeline by its name: `sensors.clean` is `pipelines/sensors/clean.py`, or a .js, .mjs or .cjs file. As in
 * FlowerPower, a hyphen in the name of a Python pipeline is an underscore in its file name.
 *
 * @throws PipelineNotFoundError if the pipeline is missing or ambiguous, or its name is invalid; it lists the pipelines
 */
export async function findPipeline(base_dir: string, name: string): Promise<Pipeline> {
  if (!isName(name)) {
    const rule = 'use at most 100 letters, digits, dots, hyphens and underscores';
    throw new PipelineNotFoundError(`invalid pipeline name ${JSON.stringify(name.slice(0, 100))}: ${rule}`);
  }
  const root = join(base_dir, 'pipelines');
  const files = await Promise.all([...new Set(candidates(root, name))].map((file) => inside(file, base_dir)));
  const [file, ...others] = files.filter((one) => one !== undefined);
  if (file === undefined)
    throw new PipelineNotFoundError(`there is no pipeline ${name} in ${root}; ${await listed(base_dir)}`);
  if (others.length > 0) {
    const all = [file, ...others].map((one) => one.slice(root.length + 1)).join(' and ');
    throw new PipelineNotFoundError(`the pipeline ${name} is ambiguous: found ${all}; rename one of them`);
  }
  return { name, kind: kindOf(extname(file)) ?? 'javascript', file };
}

function candidates(root: string, name: string): string[] {
  const file = (from: string, extension: string) => join(root, ...from.split('.')) + extension;
  return [...EXTENSIONS.map((extension) => file(name, extension)), file(name.replaceAll('-', '_'), '.py')];
}

/** Returns the path if it is a file inside the directory after symbolic links are resolved. */
async function inside(file: string, base_dir: string): Promise<string | undefined> {
  try {
    const [real, root] = await Promise.all([realpath(file), realpath(base_dir)]);
    return real.startsWith(root + sep) && (await stat(real)).isFile() ? file : undefined;
  } catch {
    return undefined;
  }
}

async function listed(base_dir: string): Promise<string> {
  const names = (await listPipelines(base_dir)).map((pipeline) => pipeline.name);
  if (names.length === 0) return 'the folder has no pipelines: put a .py, .js, .mjs or .cjs file there';
  const more = names.length > MOST_LISTED ? ` and ${names.length - MOST_LISTED} more` : '';
  return `there are ${names.slice(0, MOST_LISTED).join(', ')}${more}`;
}
