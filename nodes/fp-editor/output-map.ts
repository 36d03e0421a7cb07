import type { ExecutionMode } from '../../src/model.ts';

/**
 * Where the editor moves the wires of each output, in the form of its own `outputs` field: the old number gives the new
 * one, -1 removes the wires, and a key that is no number is a new output. Undefined if all wires stay: a single output
 * keeps its wires, whatever it is for.
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
