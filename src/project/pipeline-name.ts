import type { Pipeline } from './pipeline-run.ts';

/** FlowerPower's own rule, and nothing that could leave the directory: no leading dot, no two dots in a row. */
const NAME = /^[A-Za-z0-9_](?:[A-Za-z0-9_-]|\.(?!\.))*$/;
const LONGEST = 100;

const KINDS: Record<string, Pipeline['kind']> = {
  '.py': 'flowerpower',
  '.js': 'javascript',
  '.mjs': 'javascript',
  '.cjs': 'javascript',
};

/** Extensions of pipelines' files, the most usual first. */
export const EXTENSIONS = Object.keys(KINDS);

export function kindOf(extension: string): Pipeline['kind'] | undefined {
  return KINDS[extension];
}

/** Whether a pipeline may have this name; dots stand for folders. */
export function isName(name: string): boolean {
  return name.length <= LONGEST && NAME.test(name);
}
