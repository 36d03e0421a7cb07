import type { Pipeline } from './pipeline-run.ts';

/** FlowerPower's rule. Leading and double dots are invalid: they could leave the directory. */
const NAME = /^[A-Za-z0-9_](?:[A-Za-z0-9_-]|\.(?!\.))*$/;
const LONGEST = 100;

const KINDS: Record<string, Pipeline['kind']> = {
  '.py': 'flowerpower',
  '.js': 'javascript',
  '.mjs': 'javascript',
  '.cjs': 'javascript',
};

/** File extensions of pipelines, the most common first. */
export const EXTENSIONS = Object.keys(KINDS);

export function kindOf(extension: string): Pipeline['kind'] | undefined {
  return KINDS[extension];
}

/** Checks the name of a pipeline; dots separate folders. */
export function isName(name: string): boolean {
  return name.length <= LONGEST && NAME.test(name);
}
