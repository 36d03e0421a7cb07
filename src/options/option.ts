import { OptionsError } from '../base/errors.ts';
import { defaultOf, mistakeIn, type Rule, type Stored } from './rule.ts';

/** A value in a file; null: none. A text `${NAME}` is an environment variable, for options of every type. */
export type FileValue = string | number | boolean | null;

/** Definition of an option. */
export interface Option<T = unknown> {
  /** Type, bounds and default. */
  rule: Rule<T>;
  /** Description, at most one sentence. */
  about: string;
  /** Default in a file, if flowerpower-mqtt has another one; null: none. */
  inFile?: FileValue;
  /** Computes the default from the section's other keys. */
  inFileFor?: (explicit: Stored) => FileValue;
  /** Returns the conflict with other values of its section in a file. */
  mistakeBeside?: (section: Stored) => string | undefined;
  /** Required in a file. */
  required?: true;
  /** Becomes a credential: never shown, exported or logged. */
  secret?: true;
  /** Unknown to flowerpower-mqtt. */
  ours?: true;
}

/** Options of a section by name. */
export type Options = Record<string, Option>;

/** The values of a section. */
export type Values<O extends Options> = { [K in keyof O]: O[K] extends Option<infer T> ? T : never };

/** Rules of a section by name of the option. */
export type RulesIn<O extends Options> = { [K in keyof O]: O[K]['rule'] };

export function rulesIn<O extends Options>(options: O): RulesIn<O> {
  const rules = Object.entries(options).map(([name, option]) => [name, option.rule]);
  return Object.fromEntries(rules) as RulesIn<O>;
}

/** Returns the default of an option in a file. */
export function defaultInFile({ rule, inFile, inFileFor }: Option, explicit: Stored = {}): FileValue {
  if (inFileFor) return inFileFor(explicit);
  if (inFile !== undefined) return inFile;
  const value = defaultOf(rule) as FileValue | undefined;
  return value === undefined || value === '' ? null : value;
}

/**
 * Reads the options given by a program, and fills in the defaults.
 *
 * @throws OptionsError that lists every mistake
 */
export function readOptions<O extends Options>(options: O, given: Partial<Values<O>>): Values<O> {
  const mistakes: string[] = [];
  const values: Stored = {};
  for (const [name, { rule }] of Object.entries(options)) {
    const mistake = mistakeIn(rule, name, given);
    if (mistake === undefined) values[name] = rule(given[name], given);
    else mistakes.push(`\`${name}\` ${mistake}`);
  }
  if (mistakes.length > 0) throw new OptionsError(mistakes);
  return values as Values<O>;
}
