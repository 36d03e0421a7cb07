/** Properties of nodes that are not options of a file: references to config nodes, and properties of the message. */
import type { Node, NodeAPI } from 'node-red';
import { OptionsError } from '../src/base/errors.ts';
import {
  integer,
  mistakeIn,
  rule,
  text,
  type Rule,
  type Rules,
  type Stored,
  type ValuesOf,
} from '../src/options/rule.ts';
import { variableName } from '../src/base/variable.ts';

/** Values read by a set of rules. */
export type Properties<R extends Rules> = ValuesOf<R>;

/** Reads a node's properties. @throws OptionsError with every mistake, such as "`qos` must be 0, 1 or 2, found 3" */
export function readProperties<R extends Rules>(rules: R, stored: Stored): Properties<R> {
  const mistakes: string[] = [];
  const values: Record<string, unknown> = {};
  for (const [name, read] of Object.entries(rules)) {
    const mistake = unsetVariable(stored[name]) ?? mistakeIn(read, name, stored);
    if (mistake === undefined) values[name] = read(stored[name], stored);
    else mistakes.push(`\`${name}\` ${mistake}`);
  }
  if (mistakes.length > 0) throw new OptionsError(mistakes);
  return values as Properties<R>;
}

/** Describes the mistake if the value is still a variable: Node-RED replaces those that are set. */
export function unsetVariable(stored: unknown): string | undefined {
  const name = variableName(stored);
  return name === undefined ? undefined : `needs ${name}, an environment variable that is not set`;
}

/** Returns the value of an environment variable such as `${NAME}`, or `stored` if it is not a variable or not set. */
export function variableValue(RED: NodeAPI, stored: unknown): unknown {
  const name = variableName(stored);
  return name === undefined ? stored : (RED.util.getSetting({} as Node, name) ?? stored);
}

/** Reads the property `name`; returns `fallback` if it is invalid. */
export function valueOr<T, F>(read: Rule<T>, [name, stored]: [string, Stored], fallback: F): T | F {
  const isWrong = unsetVariable(stored[name]) ?? mistakeIn(read, name, stored);
  return isWrong === undefined ? read(stored[name], stored) : fallback;
}

/** A fixed whole number or a property of the message, selected by the property `typeName` (`num` or `msg`). */
export function integerOrProperty(typeName: string, bounds: { least: number; most: number }): Rule<string> {
  const number = integer(undefined, bounds);
  const path = text('', 200);
  return rule({}, (stored, all) => {
    if (all[typeName] !== 'msg') number(stored, all);
    return path(typeof stored === 'number' ? `${stored}` : stored, all);
  });
}

/** ID of a config node; required. */
export function configNode(what: string): Rule<string> {
  return rule({}, (stored) => {
    if (typeof stored !== 'string' || stored === '' || stored === '_ADD_') throw new Error(`needs a ${what}`);
    return stored;
  });
}

/** ID of a config node; optional. */
export const optionalConfigNode: Rule<string | undefined> = rule({}, (stored) =>
  typeof stored === 'string' && stored !== '' && stored !== '_ADD_' ? stored : undefined,
);
