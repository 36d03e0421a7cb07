import { isVariable, variableWithin } from '../base/variable.ts';
import type { FileValue, Option, Options } from '../options/option.ts';
import { portContradiction } from '../options/mqtt.ts';
import { mistakeIn } from '../options/rule.ts';
import { sections, withDefaults, type Config, type Problem, type Section } from './config.ts';
import { nearest } from './nearest.ts';
import { parseYaml, type Parsed, type Path } from './parse-yaml.ts';
import { oddIn } from './odd-text.ts';
import { problemsOf, type Finding } from './problems.ts';
import { explicitKeys, type ExplicitKeys } from './explicit-keys.ts';
import { holdsSections, rightPlace } from './right-place.ts';
import { withoutLogin } from './without-login.ts';

export const MOST_SUBSCRIPTIONS = 1000;

export interface ReadConfig {
  /** Missing if there is an error. */
  config?: Config;
  /** Missing if there is an error. */
  explicit?: ExplicitKeys;
  /** In the order of the file. */
  problems: Problem[];
}

/** Returns the value of an environment variable such as `${NAME}`, or the same text if it is not set. */
export type ValueOfVariable = (variable: string) => unknown;

/** Reads an `mqtt_config.yml`. Reports all problems; never throws. */
export function readConfig(text: string, valueOf: ValueOfVariable): ReadConfig {
  const parsed = parseYaml(text);
  if (parsed.data === undefined) return { problems: problemsOf(parsed.findings) };
  const reader = new Reader(parsed, valueOf);
  const config = reader.read();
  const problems = problemsOf(reader.findings);
  if (problems.some(({ severity }) => severity === 'error')) return { problems };
  return { config, explicit: explicitKeys(Object(parsed.data) as Fields), problems };
}

type Fields = Record<string, unknown>;

class Reader {
  readonly findings: Finding[];
  readonly #parsed: Parsed;
  readonly #valueOf: ValueOfVariable;
  /** Maps and the places where keys of theirs belong: one lost indentation is one problem. */
  readonly #misplacedIn = new Set<string>();

  constructor(parsed: Parsed, valueOf: ValueOfVariable) {
    this.findings = [...parsed.findings];
    this.#parsed = parsed;
    this.#valueOf = valueOf;
  }

  read(): Config {
    const { mqtt, job_queue, subscriptions, ...others } = this.#map(this.#parsed.data, []);
    const connection = this.#map(mqtt, ['mqtt']);
    const contradiction = portContradiction(connection);
    if (contradiction !== undefined) this.#warn(['mqtt', 'port'], contradiction);
    return {
      mqtt: this.#section(connection, sections.mqtt, ['mqtt']),
      subscriptions: this.#subscriptions(subscriptions),
      job_queue: this.#section(withoutLogin(this.#map(job_queue, ['job_queue'])), sections.job_queue, [
        'job_queue',
      ]),
      ...this.#section(others, sections[''], []),
    };
  }

  #subscriptions(found: unknown): Config['subscriptions'] {
    const path: Path = ['subscriptions'];
    if (found === undefined || found === null) return [];
    if (!Array.isArray(found)) {
      this.#error(path, `must be a list, each entry with - topic: and pipeline:, found ${described(found)}`);
      return [];
    }
    if (found.length > MOST_SUBSCRIPTIONS) {
      this.#error(path, `must have at most ${MOST_SUBSCRIPTIONS} entries, found ${found.length}`);
      return [];
    }
    const subscriptions = found.map((one: unknown, index) => {
      const place = [...path, index];
      return this.#section(this.#map(one, place), sections.subscriptions, place);
    });
    this.#repeated(subscriptions);
    return subscriptions;
  }

  #repeated(subscriptions: Config['subscriptions']): void {
    const first = new Map<string, number>();
    for (const [index, { topic, pipeline }] of subscriptions.entries()) {
      if (topic === null || pipeline === null) continue;
      const key = JSON.stringify([topic, pipeline]);
      const earlier = first.get(key);
      if (earlier === undefined) first.set(key, index);
      else {
        const message = `has the topic and the pipeline of subscriptions[${earlier}]: each message runs it twice`;
        this.#warn(['subscriptions', index], message);
      }
    }
  }

  #section<O extends Options>(fields: Fields, options: O, path: Path): Section<O> {
    const known = Object.keys(path.length === 0 ? { ...options, ...sections } : options).filter(Boolean);
    for (const name of Object.keys(fields)) {
      if (!known.includes(name)) this.#unknown([...path, name], known, fields[name]);
    }
    const values = Object.entries(options).map(([name, option]): [string, FileValue] => {
      const found = Object.hasOwn(fields, name) ? fields[name] : undefined;
      return [name, this.#value(found, option, [...path, name])];
    });
    const section = withDefaults(Object.fromEntries(values), options);
    this.#requiredByOthers(section, options, path);
    this.#besideOthers(section, options, path);
    return section;
  }

  #besideOthers(section: Fields, options: Options, path: Path): void {
    for (const [name, { mistakeBeside }] of Object.entries(options)) {
      const mistake = mistakeBeside?.(section);
      if (mistake !== undefined) this.#error([...path, name], mistake);
    }
  }

  #requiredByOthers(section: Fields, options: Options, path: Path): void {
    for (const [name, { rule }] of Object.entries(options)) {
      if (!rule.requiredBy || section[name] !== null) continue;
      const mistake = mistakeIn(rule, name, section);
      if (mistake !== undefined) this.#error([...path, name], mistake);
    }
  }

  #value(found: unknown, option: Option, path: Path): FileValue {
    if (isNothing(found, option)) {
      if (option.required) this.#missing(path);
      return null;
    }
    if (typeof found === 'string' && isVariable(found.trim())) {
      return this.#variable(found.trim(), option, path);
    }
    const value = typed(inEnum(found, option), option);
    const wrong = value === undefined ? expected(found, option) : wrongIn(value, option);
    if (wrong !== undefined) this.#error(path, wrong);
    const within = typeof found === 'string' ? variableWithin(found) : undefined;
    const odd = typeof found === 'string' ? oddIn(found) : undefined;
    if (odd !== undefined) this.#warn(path, odd);
    if (within !== undefined) {
      this.#warn(path, `contains ${within} as plain text: an environment variable must be the whole value`);
    }
    return value ?? null;
  }

  #variable(variable: string, option: Option, path: Path): string {
    const value = this.#valueOf(variable);
    const wrong = value === variable ? undefined : wrongIn(value, option);
    if (value === variable) this.#warn(path, `is ${variable}, which is not set on this machine`);
    else if (wrong !== undefined) this.#warn(path, `is ${variable}, whose value on this machine ${wrong}`);
    return variable;
  }

  #missing(path: Path): void {
    const line = this.#parsed.lineAt(this.#parsed.placeOf(path));
    const isComment = new RegExp(`\\b${path.at(-1)}:\\s+#`).test(line);
    this.#error(path, isComment ? 'is missing: # begins a comment, so put it in quotes: "#"' : 'is missing');
  }

  #map(found: unknown, path: Path): Fields {
    if (found === undefined || found === null) return {};
    if (typeof found === 'object' && !Array.isArray(found)) return found as Fields;
    const key = typeof found === 'string' ? /^(\w+):\S/.exec(found)?.[1] : undefined;
    const remedy = key === undefined ? '' : `: a space is missing behind ${key}:`;
    this.#error(path, `must be a map of keys and values, found ${described(found)}${remedy}`);
    return {};
  }

  #unknown(path: Path, known: string[], value: unknown): void {
    const place = () => this.#parsed.placeOfKey(path);
    const misplaced = this.#misplaced(path, value);
    if (misplaced === '') return;
    const message = () => misplaced ?? `is unknown: ${hint(String(path.at(-1)), known)}`;
    this.findings.push({ severity: misplaced ? 'error' : 'warning', path: written(path), place, message });
  }

  /** Where the key belongs; empty if that was said for another key of the same map. */
  #misplaced(path: Path, value: unknown): string | undefined {
    const name = String(path.at(-1));
    const right = rightPlace(name);
    if (right === undefined) {
      return holdsSections(value)
        ? `holds sections that belong at the top of the file: remove the line ${name}:`
        : undefined;
    }
    const [all, map] = [this.#misplacedIn, `${written(path.slice(0, -1))} ${right}`];
    if (all.has(map)) return '';
    all.add(map);
    return `belongs ${right}`;
  }

  #error(path: Path, message: string): void {
    this.#report('error', path, message);
  }

  #warn(path: Path, message: string): void {
    this.#report('warning', path, message);
  }

  #report(severity: Problem['severity'], path: Path, message: string): void {
    const place = () => this.#parsed.placeOf(path);
    this.findings.push({ severity, path: written(path), place, message: () => message });
  }
}

function hint(name: string, known: string[]): string {
  const like = nearest(name, known);
  return like ? `did you mean ${like}?` : `known are ${known.join(', ')}`;
}

function isNothing(found: unknown, { rule }: Option): boolean {
  return found === undefined || found === null || (rule.schema['type'] === 'string' && found === '');
}

/** Checks a value on its own; rules that depend on other keys are checked in `#requiredByOthers`. */
function wrongIn(value: unknown, { rule }: Option): string | undefined {
  return mistakeIn(rule, 'value', { value });
}

/** The option's own spelling of a choice: `info` is `INFO`. */
function inEnum(found: unknown, { rule }: Option): unknown {
  const { enum: choices = [] } = rule.schema as { enum?: unknown[] };
  if (typeof found !== 'string') return found;
  return choices.find((one) => String(one).toLowerCase() === found.toLowerCase()) ?? found;
}

/** Returns the value if it has the option's type. */
function typed(found: unknown, { rule }: Option): FileValue | undefined {
  if (rule.schema['type'] === 'string') return typeof found === 'string' ? found : undefined;
  if (rule.schema['type'] === 'boolean') return typeof found === 'boolean' ? found : undefined;
  // Converts -0 to 0.
  return typeof found === 'number' && Number.isFinite(found) ? found + 0 : undefined;
}

function expected(found: unknown, { rule }: Option): string {
  const type = String(rule.schema['type']);
  const words = { string: 'text', boolean: 'true or false' }[type] ?? 'a number';
  const remedy = type === 'string' && typeof found !== 'object' ? ': put it in quotes' : '';
  return `must be ${words}, found ${described(found)}${remedy}`;
}

function described(found: unknown): string {
  if (Array.isArray(found)) return 'a list';
  if (typeof found === 'object') return 'a map';
  return typeof found === 'string' ? `the text ${JSON.stringify(found.slice(0, 50))}` : JSON.stringify(found);
}

/** For instance `subscriptions[2].qos` for `['subscriptions', 2, 'qos']`. */
function written(path: Path): string {
  return path
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`))
    .join('')
    .replace(/^\./, '');
}
