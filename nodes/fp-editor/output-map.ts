import type { ExecutionMode } from '../../src/base/model.ts';

/**
 * Returns where the editor moves the wires of each output, in the format of its `outputs` field: maps an old number to
 * the new one, or to -1 to remove the wires; other keys are new outputs. Returns undefined if all wires stay: a single
 * output keeps its wires when its purpose changes.
 */
export function outputMap(
  before: ExecutionMode[],
  after: ExecutionMode[],
): Record<string, number> | undefined {
  if (before.length === after.length) return undefined;
  const moved = before.map((mode, output) => [output, after.indexOf(mode)]);
  const added = after.filter((mode) => !before.includes(mode)).map((mode) => [mode, after.indexOf(mode)]);
  return Object.fromEntries([...moved, ...added]);
}
