/** What nodes have beside the options of a file: references to config nodes, and properties of the message. */
import { OptionsError } from '../src/errors.ts';
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
import { variableName } from '../src/variable.ts';

/** What a set of rules reads. */
export type Properties<R extends Rules> = ValuesOf<R>;

/** Reads a node's properties; throws an OptionsError with every mistake, such as "`qos` must be 0, 1 or 2, found 3". */
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

/** Says that a variable is not set, if one stands there still: Node-RED puts in the values of those that are. */
export function unsetVariable(stored: unknown): string | undefined {
  const name = variableName(stored);
  return name === undefined ? undefined : `needs the environment variable ${name}, which is not set`;
}

/** The value of the property `name`, or `fallback` where it cannot be read. */
export function valueOr<T, F>(read: Rule<T>, [name, stored]: [string, Stored], fallback: F): T | F {
  const isWrong = unsetVariable(stored[name]) ?? mistakeIn(read, name, stored);
  return isWrong === undefined ? read(stored[name], stored) : fallback;
}

/** A fixed whole number, or a property of the message: the property `typeName` tells which (`num` or `msg`). */
export function integerOrProperty(typeName: string, bounds: { least: number; most: number }): Rule<string> {
  const number = integer(undefined, bounds);
  const path = text('', 200);
  return rule({}, (stored, all) => {
    if (all[typeName] !== 'msg') number(stored, all);
    return path(typeof stored === 'number' ? `${stored}` : stored, all);
  });
}

/** The id of a config node that must be chosen. */
export function configNode(what: string): Rule<string> {
  return rule({}, (stored) => {
    if (typeof stored !== 'string' || stored === '' || stored === '_ADD_')
      throw new Error(`must name a ${what}`);
    return stored;
  });
}

/** The id of a config node, or undefined when none is chosen. */
export const optionalConfigNode: Rule<string | undefined> = rule({}, (stored) =>
  typeof stored === 'string' && stored !== '' && stored !== '_ADD_' ? stored : undefined,
);
