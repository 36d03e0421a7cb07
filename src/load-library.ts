import { GiveUpError } from './errors.ts';

/** Loads an optional package on first use; a missing one is an error that says how to install it. */
export function loadLibrary<T>(name: string): T {
  findLibrary(name);
  return require(name) as T;
}

/** Throws the same error where an optional package is missing, without loading it. */
export function findLibrary(name: string): void {
  try {
    require.resolve(name);
  } catch (cause) {
    const remedy = `run \`npm install ${name}\` in the Node-RED user directory, then restart Node-RED`;
    throw new GiveUpError(`the package ${name} is missing: ${remedy}`, { cause });
  }
}
