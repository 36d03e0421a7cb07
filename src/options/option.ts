import { OptionsError } from '../errors.ts';
import { defaultOf, mistakeIn, type Rule, type Stored } from './rule.ts';

/** What a key of a file holds; null: nothing. A text `${NAME}` stands for an environment variable, wherever it is. */
export type FileValue = string | number | boolean | null;

/** One option: all that is known of it. */
export interface Option<T = unknown> {
  /** Its type, its bounds, and its default. */
  rule: Rule<T>;
  /** What it is, in one sentence or less. */
  about: string;
  /** The default in a file, where flowerpower-mqtt has another one; null: nothing. */
  inFile?: FileValue;
  /** The default in a file, where it depends on what else the section says. */
  inFileFor?: (explicit: Stored) => FileValue;
  /** What is wrong with it beside the other values of its section in a file. */
  mistakeBeside?: (section: Stored) => string | undefined;
  /** A file has to say it. */
  required?: true;
  /** Never shown, exported or logged: it becomes a credential. */
  secret?: true;
  /** flowerpower-mqtt does not know it. */
  ours?: true;
}

/** The options of a section, by their names. */
export type Options = Record<string, Option>;

/** The values of a section. */
export type Values<O extends Options> = { [K in keyof O]: O[K] extends Option<infer T> ? T : never };

/** The rules of a section, by the names of their options. */
export type RulesIn<O extends Options> = { [K in keyof O]: O[K]['rule'] };

export function rulesIn<O extends Options>(options: O): RulesIn<O> {
  const rules = Object.entries(options).map(([name, option]) => [name, option.rule]);
  return Object.fromEntries(rules) as RulesIn<O>;
}

/** The default of an option in a file. */
export function defaultInFile({ rule, inFile, inFileFor }: Option, explicit: Stored = {}): FileValue {
  if (inFileFor) return inFileFor(explicit);
  if (inFile !== undefined) return inFile;
  const value = defaultOf(rule) as FileValue | undefined;
  return value === undefined || value === '' ? null : value;
}

/**
 * Reads a section from what a program gives, with the defaults where it gives nothing.
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
