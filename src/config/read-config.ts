import { isVariable, variableWithin } from '../variable.ts';
import type { CheckValue, Config, Problem, Section, Value } from './config.ts';
import { nearest } from './nearest.ts';
import { parseYaml, type Parsed, type Path } from './parse-yaml.ts';
import { problemsOf, type Finding } from './problems.ts';
import { jobQueue, mqtt, project, subscription, withDefaults, type Key, type Keys } from './schema.ts';
import { saidKeys, type SaidKeys } from './said-keys.ts';
import { withoutLogin } from './without-login.ts';

const MOST_SUBSCRIPTIONS = 1000;

export interface ReadConfig {
  /** Missing if there is an error. */
  config?: Config;
  /** Missing if there is an error. */
  said?: SaidKeys;
  /** In the order of the file. */
  problems: Problem[];
}

/** Reads an `mqtt_config.yml`; `checkValue` knows what is right. Reports every problem at once, and never throws. */
export function readConfig(text: string, checkValue: CheckValue): ReadConfig {
  const parsed = parseYaml(text);
  if (parsed.data === undefined) return { problems: problemsOf(parsed.findings) };
  const reader = new Reader(parsed, checkValue);
  const config = reader.read();
  const problems = problemsOf(reader.findings);
  if (problems.some(({ severity }) => severity === 'error')) return { problems };
  return { config, said: saidKeys(Object(parsed.data) as Fields), problems };
}

type Fields = Record<string, unknown>;

/** Where a map of keys is: its own path, and the section that its keys belong to. */
interface SectionAt {
  path: Path;
  section: string;
  /** Names that may stand there, if not just those of the keys. */
  known?: string[];
}

class Reader {
  readonly findings: Finding[];
  readonly #parsed: Parsed;
  readonly #checkValue: CheckValue;

  constructor(parsed: Parsed, checkValue: CheckValue) {
    this.findings = [...parsed.findings];
    this.#parsed = parsed;
    this.#checkValue = checkValue;
  }

  read(): Config {
    const all = this.#map(this.#parsed.data, []);
    const { mqtt: broker, job_queue, subscriptions, ...others } = all;
    const known = [...Object.keys(project), 'mqtt', 'job_queue', 'subscriptions'];
    const top = this.#section(others, project, { path: [], section: '', known });
    return {
      mqtt: this.#section(this.#map(broker, ['mqtt']), mqtt, { path: ['mqtt'], section: 'mqtt' }),
      subscriptions: this.#subscriptions(subscriptions),
      job_queue: this.#section(withoutLogin(this.#map(job_queue, ['job_queue'])), jobQueue, {
        path: ['job_queue'],
        section: 'job_queue',
      }),
      base_dir: top['base_dir'] ?? null,
      log_level: top['log_level'] ?? null,
    };
  }

  #subscriptions(found: unknown): Section[] {
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
    return found.map((one: unknown, index) => {
      const place = { path: [...path, index], section: 'subscriptions' };
      return this.#section(this.#map(one, place.path), subscription, place);
    });
  }

  #section(fields: Fields, keys: Keys, place: SectionAt): Section {
    const { known = Object.keys(keys) } = place;
    for (const name of Object.keys(fields)) {
      if (!known.includes(name)) this.#unknown([...place.path, name], known);
    }
    const values = Object.entries(keys).map(([name, key]): [string, Value] => {
      const found = Object.hasOwn(fields, name) ? fields[name] : undefined;
      return [name, this.#value(found, key, { ...place, path: [...place.path, name] })];
    });
    const section = withDefaults(Object.fromEntries(values), keys);
    this.#requiredByOthers(section, keys, place.path);
    return section;
  }

  #requiredByOthers(section: Section, keys: Keys, path: Path): void {
    for (const [name, { requiredBy }] of Object.entries(keys)) {
      if (!requiredBy || section[name] !== null || section[requiredBy[0]] !== requiredBy[1]) continue;
      this.#error([...path, name], `is missing: ${requiredBy.join(' ')} needs it`);
    }
  }

  #value(found: unknown, key: Key, { path, section }: SectionAt): Value {
    if (isNothing(found, key)) {
      if (key.required) this.#error(path, 'is missing');
      return null;
    }
    if (typeof found === 'string' && isVariable(found.trim())) {
      return this.#variable(found.trim(), { path, section });
    }
    const value = typed(found, key);
    const wrong =
      value === undefined ? expected(found, key) : this.#checkValue(section, `${path.at(-1)}`, value);
    if (wrong !== undefined) this.#error(path, wrong);
    const within = typeof found === 'string' ? variableWithin(found) : undefined;
    if (within !== undefined) {
      this.#warn(path, `has ${within} as plain text: an environment variable has to be the whole value`);
    }
    return value ?? null;
  }

  #variable(variable: string, { path, section }: SectionAt): Value {
    const wrong = this.#checkValue(section, `${path.at(-1)}`, variable);
    if (wrong !== undefined) this.#warn(path, `is ${variable}, whose value on this machine ${wrong}`);
    return variable;
  }

  #map(found: unknown, path: Path): Fields {
    if (found === undefined || found === null) return {};
    if (typeof found === 'object' && !Array.isArray(found)) return found as Fields;
    this.#error(path, `must be a map of keys and values, found ${described(found)}`);
    return {};
  }

  #unknown(path: Path, known: string[]): void {
    const place = () => this.#parsed.placeOfKey(path);
    const message = () => `is unknown: ${hint(String(path.at(-1)), known)}`;
    this.findings.push({ severity: 'warning', path: written(path), place, message });
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

function isNothing(found: unknown, { type }: Key): boolean {
  return found === undefined || found === null || (type === 'text' && found === '');
}

/** The value, if it has the key's type. */
function typed(found: unknown, { type }: Key): Value | undefined {
  if (type === 'text') return typeof found === 'string' ? found : undefined;
  if (type === 'flag') return typeof found === 'boolean' ? found : undefined;
  // Adding makes 0 of -0.
  return typeof found === 'number' && Number.isFinite(found) ? found + 0 : undefined;
}

function expected(found: unknown, { type }: Key): string {
  const words = { text: 'text', number: 'a number', flag: 'true or false' }[type];
  const remedy = type === 'text' && typeof found !== 'object' ? ': put it in quotes' : '';
  return `must be ${words}, found ${described(found)}${remedy}`;
}

function described(found: unknown): string {
  if (Array.isArray(found)) return 'a list';
  if (typeof found === 'object') return 'a map';
  return typeof found === 'string' ? `the text ${JSON.stringify(found.slice(0, 50))}` : JSON.stringify(found);
}

/** `['subscriptions', 2, 'qos']` is `subscriptions[2].qos`. */
function written(path: Path): string {
  return path
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`))
    .join('')
    .replace(/^\./, '');
}
