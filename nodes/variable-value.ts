import type { Node, NodeAPI } from 'node-red';
import { variableName } from '../src/base/variable.ts';

/** Returns the value of an environment variable such as `${NAME}`, or `stored` if it is not a variable or not set. */
export function variableValue(RED: NodeAPI, stored: unknown): unknown {
  const name = variableName(stored);
  return name === undefined ? stored : (RED.util.getSetting({} as Node, name) ?? stored);
}
