import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** Megabytes of this process's heap that something still holds. */
export function heldMegabytes(): number {
  collect();
  return process.memoryUsage().heapUsed / 1024 / 1024;
}
