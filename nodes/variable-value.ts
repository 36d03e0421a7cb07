import type { Node, NodeAPI } from 'node-red';
import { variableName } from '../src/variable.ts';

/** A value as a deployed node gets it: of a variable such as `${NAME}` what it holds, or itself if it is not set. */
export function variableValue(RED: NodeAPI, stored: unknown): unknown {
  const name = variableName(stored);
  return name === undefined ? stored : (RED.util.getSetting({} as Node, name) ?? stored);
}
