/**
 * Rules for node properties, written once: the runtime reads a node's properties with them, and the edit dialog
 * marks a field with the same rule while the user types.
 */

import { OptionsError } from '../src/errors.ts';
import { variableName } from '../src/variable.ts';

/** Everything the editor stored for a node. */
export type Stored = Record<string, unknown>;

/** Turns what the editor stored for one property into its value, or throws an Error that says what it "must be". */
export type Rule<T> = (stored: unknown, all: Stored) => T;

export type Rules = Record<string, Rule<unknown>>;

/** The values that a set of rules reads. */
export type Properties<R extends Rules> = { [K in keyof R]: ReturnType<R[K]> };

/** Reads a node's properties; throws an OptionsError with every mistake, such as "`qos` must be 0, 1 or 2, found 3". */
export function readProperties<R extends Rules>(rules: R, stored: Stored): Properties<R> {
  const mistakes: string[] = [];
  const values: Record<string, unknown> = {};
  for (const [name, rule] of Object.entries(rules)) {
    const mistake = unsetVariable(stored[name]) ?? mistakeIn(rule, name, stored);
    if (mistake === undefined) values[name] = rule(stored[name], stored);
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
export function valueOr<T, F>(rule: Rule<T>, [name, stored]: [string, Stored], fallback: F): T | F {
  const isWrong = unsetVariable(stored[name]) ?? mistakeIn(rule, name, stored);
  return isWrong === undefined ? rule(stored[name], stored) : fallback;
}

/** What is wrong with the property `name`, if anything. */
export function mistakeIn(rule: Rule<unknown>, name: string, stored: Stored): string | undefined {
  try {
    rule(stored[name], stored);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Whether the editor stored nothing. */
export function isEmpty(stored: unknown): boolean {
  return stored === undefined || stored === null || stored === '';
}

/** Any text; empty stands for `fallback`. */
export function text(fallback = '', longest = 1000): Rule<string> {
  return (stored) => {
    if (isEmpty(stored)) return fallback;
    if (typeof stored !== 'string') throw new Error(`must be text, found ${typeof stored}`);
    if (stored.length > longest) throw new Error(`must have at most ${longest} characters`);
    return stored.trim();
  };
}

/** Text that may not be empty. */
export function requiredText(longest = 1000): Rule<string> {
  const anyText = text('', longest);
  return (stored) => {
    const value = anyText(stored, {});
    if (value === '') throw new Error('must not be empty');
    return value;
  };
}

/** Text for which `mistake` finds nothing wrong. */
export function checkedText(mistake: (value: string) => string | undefined, fallback?: string): Rule<string> {
  const anyText = fallback === undefined ? requiredText(65_535) : text(fallback, 65_535);
  return (stored) => {
    const value = anyText(stored, {});
    const wrong = mistake(value);
    if (wrong !== undefined) throw new Error(wrong);
    return value;
  };
}

interface Bounds {
  least: number;
  most: number;
}

/** A whole number within bounds; the editor stores numbers as text. Empty stands for `fallback`. */
export function integer<T extends number | undefined>(
  fallback: T,
  { least, most }: Bounds,
): Rule<number | T> {
  return (stored) => {
    if (isEmpty(stored)) return fallback;
    const value = Number(stored);
    if (!Number.isInteger(value) || value < least || value > most) {
      throw new Error(`must be a whole number from ${least} to ${most}, found ${String(stored)}`);
    }
    return value;
  };
}

/** A fixed whole number, or a property of the message: the property `typeName` tells which (`num` or `msg`). */
export function integerOrProperty(typeName: string, bounds: Bounds): Rule<string> {
  const number = integer(undefined, bounds);
  const path = text('', 200);
  return (stored, all) => {
    if (all[typeName] !== 'msg') number(stored, all);
    return path(typeof stored === 'number' ? `${stored}` : stored, all);
  };
}

/** A number of seconds within bounds; fractions are allowed. Empty stands for `fallback`. */
export function seconds(fallback: number, { least, most }: Bounds): Rule<number> {
  return (stored) => {
    if (isEmpty(stored)) return fallback;
    const value = Number(stored);
    if (!(value >= least && value <= most)) {
      throw new Error(`must be a number of seconds from ${least} to ${most}, found ${String(stored)}`);
    }
    return value;
  };
}

/** One of a few values; the editor stores numbers as text. Empty stands for the first. */
export function choice<const T extends string | number>(...values: readonly [T, ...T[]]): Rule<T> {
  return (stored) => {
    if (isEmpty(stored)) return values[0];
    const value = values.find((one) => String(one) === String(stored));
    if (value === undefined) throw new Error(`must be ${listed(values)}, found ${String(stored)}`);
    return value;
  };
}

/** Numbers stand in their order, whatever the default is. */
function listed(values: readonly (string | number)[]): string {
  const sorted = values.toSorted((a, b) => (typeof a === 'number' && typeof b === 'number' ? a - b : 0));
  return sorted.length === 1 ? `${sorted[0]}` : `${sorted.slice(0, -1).join(', ')} or ${sorted.at(-1)}`;
}

/** Yes or no; an environment variable's value comes as text. */
export function flag(fallback: boolean): Rule<boolean> {
  return (stored) => {
    if (isEmpty(stored)) return fallback;
    if (stored === true || stored === 'true') return true;
    if (stored === false || stored === 'false') return false;
    throw new Error(`must be true or false, found ${String(stored)}`);
  };
}

/** The id of a config node that must be chosen. */
export function configNode(what: string): Rule<string> {
  return (stored) => {
    if (typeof stored !== 'string' || stored === '' || stored === '_ADD_')
      throw new Error(`must name a ${what}`);
    return stored;
  };
}

/** The id of a config node, or undefined when none is chosen. */
export const optionalConfigNode: Rule<string | undefined> = (stored) =>
  typeof stored === 'string' && stored !== '' && stored !== '_ADD_' ? stored : undefined;
