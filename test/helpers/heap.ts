import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** Returns the used heap of this process in megabytes after garbage collection. */
export function heldMegabytes(): number {
  collect();
  return process.memoryUsage().heapUsed / 1024 / 1024;
}
