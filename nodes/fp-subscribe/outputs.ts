import type { ExecutionMode, SubscriptionMode } from '../../src/base/model.ts';

/** Returns the outputs of a node in the dialog, as the mode of their messages. */
export function outputsFor(mode: unknown): ExecutionMode[] {
  if (mode === 'sync' || mode === 'async') return [mode];
  // The value of an environment variable may be any mode.
  return ['sync', 'async'];
}

/** Returns the outputs of a stored node. The editor stores their number; two are always `sync` and `async`. */
export function outputsOf({ outputs, execution_mode }: Record<string, unknown>): ExecutionMode[] {
  if (Number(outputs) === 2) return ['sync', 'async'];
  return [execution_mode === 'sync' || execution_mode === 'mixed' ? 'sync' : 'async'];
}

/** Returns the index of the output for a message. */
export function outputFor(
  mode: ExecutionMode,
  { outputs, execution_mode }: { outputs: number; execution_mode: SubscriptionMode },
): number {
  const isSplit = outputs === 2 || execution_mode === 'mixed';
  return isSplit && mode === 'async' ? 1 : 0;
}
