import { GiveUpError } from '../errors.ts';

/** Loads an optional dependency on first use; a missing one is an error that says how to install it. */
export function loadLibrary<T>(name: string): T {
  findLibrary(name);
  return require(name) as T;
}

/** Throws the same error where an optional dependency is missing, without loading it. */
export function findLibrary(name: string): void {
  try {
    require.resolve(name);
  } catch (cause) {
    const remedy = `install it in the Node-RED user directory: npm install ${name}`;
    throw new GiveUpError(`the library ${name} is missing, which this payload format needs: ${remedy}`, {
      cause,
    });
  }
}
