import type { Opening } from './register-node.ts';
import { shortName } from './status.ts';
import type { Rules } from '../src/options/rule.ts';

/** Milliseconds after which a stop counts as slow. */
const SILENT = 1000;

/** Waits until a stopping node's work has ended. If it takes long, the status and the log name the `holders`. */
export async function tellWaiting(
  { node, status }: Pick<Opening<Rules>, 'node' | 'status'>,
  holders: () => string[],
  ending: Promise<void> | undefined,
): Promise<void> {
  const tell = () => {
    node.log(`stopping: waiting for ${holders().join(', ')}`);
    const text = `stops after ${holders().map(shortName).join(', ')}`;
    status.show({ fill: 'yellow', shape: 'ring', text });
  };
  const timer = setTimeout(tell, SILENT);
  await ending;
  clearTimeout(timer);
}
