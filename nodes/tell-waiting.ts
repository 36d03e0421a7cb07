import type { Opening } from './register-node.ts';
import type { Rules } from '../src/options/rule.ts';

/** Milliseconds that a stop may take without a word. */
const SILENT = 1000;

/** Waits for `ending`, the end of a stopping node's work; the status and the log name `holders` if it takes long. */
export async function tellWaiting(
  { node, status }: Pick<Opening<Rules>, 'node' | 'status'>,
  holders: () => string[],
  ending: Promise<void> | undefined,
): Promise<void> {
  const tell = () => {
    const text = `stopping: waits for ${holders().join(', ')}`;
    node.log(text);
    status.show({ fill: 'yellow', shape: 'ring', text });
  };
  const timer = setTimeout(tell, SILENT);
  await ending;
  clearTimeout(timer);
}
