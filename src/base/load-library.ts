import { GiveUpError } from './errors.ts';

/** Loads an optional package on first use. @throws GiveUpError that says how to install a missing package */
export function loadLibrary<T>(name: string): T {
  findLibrary(name);
  return require(name) as T;
}

/** Checks that an optional package is installed, without loading it. */
export function findLibrary(name: string): void {
  try {
    require.resolve(name);
  } catch (cause) {
    const remedy = `run \`npm install ${name}\` in the Node-RED user directory, then restart Node-RED`;
    throw new GiveUpError(`the package ${name} is missing: ${remedy}`, { cause });
  }
}
