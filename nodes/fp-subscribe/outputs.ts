import type { ExecutionMode } from '../../src/model.ts';

/** The outputs that the dialog gives a node: how the messages that leave by each of them run. */
export function outputsFor(mode: unknown): ExecutionMode[] {
  if (mode === 'sync' || mode === 'async') return [mode];
  // An environment variable in the place of the mode may turn out as any of them.
  return ['sync', 'async'];
}

/** The outputs that a node has, as far as the editor stored their number: two always mean the same. */
export function outputsOf(node: { outputs?: unknown; execution_mode?: unknown }): ExecutionMode[] {
  if (Number(node.outputs ?? 1) === 2) return ['sync', 'async'];
  return [node.execution_mode === 'sync' || node.execution_mode === 'mixed' ? 'sync' : 'async'];
}
