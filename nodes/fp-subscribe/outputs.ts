import type { ExecutionMode, SubscriptionMode } from '../../src/base/model.ts';

/** The outputs that the dialog gives a node: how the messages that leave by each of them run. */
export function outputsFor(mode: unknown): ExecutionMode[] {
  if (mode === 'sync' || mode === 'async') return [mode];
  // An environment variable in the place of the mode may turn out as any of them.
  return ['sync', 'async'];
}

/** The outputs that a node has, as far as the editor stored their number: two always mean the same. */
export function outputsOf({ outputs, execution_mode }: Record<string, unknown>): ExecutionMode[] {
  if (Number(outputs) === 2) return ['sync', 'async'];
  return [execution_mode === 'sync' || execution_mode === 'mixed' ? 'sync' : 'async'];
}

/** The output by which a message leaves. */
export function outputFor(
  mode: ExecutionMode,
  { outputs, execution_mode }: { outputs: number; execution_mode: SubscriptionMode },
): number {
  const isSplit = outputs === 2 || execution_mode === 'mixed';
  return isSplit && mode === 'async' ? 1 : 0;
}
