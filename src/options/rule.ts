/**
 * Rules for values, shared by the nodes, which read their properties, the dialogs, which validate fields, and the YAML
 * reader. The editor uses this file, too.
 */

/** Values stored by the editor or in a file, by name. */
export type Stored = Record<string, unknown>;

/** JSON Schema (2020-12) of a value. */
export type Schema = Record<string, unknown>;

/**
 * Converts a stored value; throws an Error such as "must be ..." if it is invalid. A missing value becomes the default.
 */
export interface Rule<T> {
  (stored: unknown, all: Stored): T;
  /** Schema of valid values, as far as it does not depend on `all`. */
  readonly schema: Schema;
  /** Another option of the section, and its value for which this option is required. */
  readonly requiredBy?: readonly [name: string, value: string];
}

export type Rules = Record<string, Rule<unknown>>;

/** Values read by a set of rules. */
export type ValuesOf<R extends Rules> = { [K in keyof R]: ReturnType<R[K]> };

export function rule<T>(schema: Schema, read: (stored: unknown, all: Stored) => T): Rule<T> {
  return Object.assign(read, { schema });
}

/** Describes the mistake in the value `name`; undefined if it is valid. */
export function mistakeIn(checked: Rule<unknown>, name: string, stored: Stored): string | undefined {
  try {
    checked(stored[name], stored);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Returns the default; undefined if a value is required. */
export function defaultOf<T>(of: Rule<T>): T | undefined {
  return mistakeIn(of, '', {}) === undefined ? of(undefined, {}) : undefined;
}

/** Tells whether a value is missing. */
export function isEmpty(stored: unknown): boolean {
  return stored === undefined || stored === null || stored === '';
}

/** Any text; an empty one becomes `fallback`. */
export function text(fallback = '', longest = 1000): Rule<string> {
  return rule({ type: 'string', maxLength: longest }, (stored) => {
    if (isEmpty(stored)) return fallback;
    if (typeof stored !== 'string') throw new Error(`must be text, found ${typeof stored}`);
    if (stored.length > longest) throw new Error(`must have at most ${longest} characters`);
    return stored.trim();
  });
}

/** Text that must not be empty. */
function requiredText(longest = 1000): Rule<string> {
  const anyText = text('', longest);
  return rule({ ...anyText.schema, minLength: 1 }, (stored, all) => {
    const value = anyText(stored, all);
    if (value === '') throw new Error('must not be empty');
    return value;
  });
}

/** Text that must not be empty if the option `name` has this value. */
export function textFor(name: string, value: string): Rule<string> {
  const anyText = text();
  const read = (stored: unknown, all: Stored) => {
    const found = anyText(stored, all);
    if (found === '' && all[name] === value) throw new Error(`must not be empty: ${name} ${value} needs it`);
    return found;
  };
  return Object.assign(rule(anyText.schema, read), { requiredBy: [name, value] as const });
}

/** Text that `mistake` accepts; `schema` describes it as far as JSON Schema can. */
export function checkedText(
  mistake: (value: string) => string | undefined,
  { fallback, schema }: { fallback?: string; schema?: Schema } = {},
): Rule<string> {
  const anyText = fallback === undefined ? requiredText(65_535) : text(fallback, 65_535);
  return rule({ ...anyText.schema, ...schema }, (stored, all) => {
    const value = anyText(stored, all);
    const wrong = mistake(value);
    if (wrong !== undefined) throw new Error(wrong);
    return value;
  });
}

interface Bounds {
  least: number;
  most: number;
}

/** A whole number within bounds; the editor stores numbers as text. An empty value becomes `fallback`. */
export function integer<T extends number | undefined>(
  fallback: T,
  { least, most }: Bounds,
): Rule<number | T> {
  return rule({ type: 'integer', minimum: least, maximum: most }, (stored) => {
    if (isEmpty(stored)) return fallback;
    const value = Number(stored);
    if (!Number.isInteger(value) || value < least || value > most) {
      throw new Error(`must be a whole number from ${least} to ${most}, found ${String(stored)}`);
    }
    return value;
  });
}

/** A number of seconds within bounds; fractions are allowed. An empty value becomes `fallback`. */
export function seconds(fallback: number, { least, most }: Bounds): Rule<number> {
  return rule({ type: 'number', minimum: least, maximum: most }, (stored) => {
    if (isEmpty(stored)) return fallback;
    const value = Number(stored);
    if (!(value >= least && value <= most)) {
      throw new Error(`must be a number of seconds from ${least} to ${most}, found ${String(stored)}`);
    }
    return value;
  });
}

/** One of the values; the editor stores numbers as text. An empty value becomes the first. */
export function choice<const T extends string | number>(...values: readonly [T, ...T[]]): Rule<T> {
  const type = typeof values[0] === 'string' ? 'string' : 'integer';
  return rule({ type, enum: values }, (stored) => {
    if (isEmpty(stored)) return values[0];
    const value = values.find((one) => String(one) === String(stored));
    if (value === undefined) throw new Error(`must be ${listed(values)}, found ${String(stored)}`);
    return value;
  });
}

/** Lists the values; sorts numbers, because the first value is the default. */
function listed(values: readonly (string | number)[]): string {
  const sorted = values.toSorted((a, b) => (typeof a === 'number' && typeof b === 'number' ? a - b : 0));
  return sorted.length === 1 ? `${sorted[0]}` : `${sorted.slice(0, -1).join(', ')} or ${sorted.at(-1)}`;
}

/** A boolean; the value of an environment variable is text. */
export function flag(fallback: boolean): Rule<boolean> {
  return rule({ type: 'boolean' }, (stored) => {
    if (isEmpty(stored)) return fallback;
    if (stored === true || stored === 'true') return true;
    if (stored === false || stored === 'false') return false;
    throw new Error(`must be true or false, found ${String(stored)}`);
  });
}
