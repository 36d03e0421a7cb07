import type { Config, Mistake, Problem, Section, Value } from './config.ts';
import { nearest } from './nearest.ts';
import { parseYaml, type Parsed, type Path } from './parse-yaml.ts';
import { jobQueue, mqtt, project, subscription, withDefaults, type Key, type Keys } from './schema.ts';
import { withoutLogin } from './without-login.ts';

const MOST_SUBSCRIPTIONS = 1000;
const VARIABLE = /^\$\{[^}]+\}$/;

export interface ReadConfig {
  /** Missing if there is an error. */
  config?: Config;
  /** All of them, in the order of the file. */
  problems: Problem[];
}

/** Reads an `mqtt_config.yml`; `mistake` knows what values are right. Reports every problem at once, and never throws. */
export function readConfig(text: string, mistake: Mistake): ReadConfig {
  const parsed = parseYaml(text);
  if (parsed.data === undefined) return { problems: parsed.problems };
  const reader = new Reader(parsed, mistake);
  const config = reader.read();
  const problems = reader.problems.toSorted((a, b) => a.line - b.line || a.column - b.column);
  return problems.some(({ severity }) => severity === 'error') ? { problems } : { config, problems };
}

type Fields = Record<string, unknown>;

/** Where a map of keys is: its own path, and the section that its keys belong to. */
interface Place {
  path: Path;
  section: string;
  /** Names that may stand there, if not just those of the keys. */
  known?: string[];
}

class Reader {
  readonly problems: Problem[] = [];
  readonly #parsed: Parsed;
  readonly #mistake: Mistake;

  constructor(parsed: Parsed, mistake: Mistake) {
    this.#parsed = parsed;
    this.#mistake = mistake;
  }

  read(): Config {
    const all = this.#map(this.#parsed.data, []);
    const { mqtt: broker, job_queue, subscriptions, ...others } = all;
    const known = [...Object.keys(project), 'mqtt', 'job_queue', 'subscriptions'];
    const top = this.#section(others, project, { path: [], section: '', known });
    return {
      mqtt: this.#section(this.#map(broker, ['mqtt']), mqtt, { path: ['mqtt'], section: 'mqtt' }),
      subscriptions: this.#subscriptions(subscriptions),
      job_queue: withoutLogin(
        this.#section(this.#map(job_queue, ['job_queue']), jobQueue, {
          path: ['job_queue'],
          section: 'job_queue',
        }),
      ),
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

  #section(fields: Fields, keys: Keys, place: Place): Section {
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

  #value(found: unknown, key: Key, { path, section }: Place): Value {
    if (isNothing(found, key)) {
      if (key.required) this.#error(path, 'is missing');
      return null;
    }
    if (typeof found === 'string' && VARIABLE.test(found.trim())) return found.trim();
    const value = typed(found, key);
    const wrong =
      value === undefined ? expected(found, key) : this.#mistake(section, `${path.at(-1)}`, value);
    if (wrong !== undefined) this.#error(path, wrong);
    return value ?? null;
  }

  #map(found: unknown, path: Path): Fields {
    if (found === undefined || found === null) return {};
    if (typeof found === 'object' && !Array.isArray(found)) return found as Fields;
    this.#error(path, `must be a map of keys and values, found ${described(found)}`);
    return {};
  }

  #unknown(path: Path, known: string[]): void {
    const name = String(path.at(-1));
    const like = nearest(name, known);
    const hint = like ? `did you mean ${like}?` : `known are ${known.join(', ')}`;
    const place = this.#parsed.placeOfKey(path);
    this.problems.push({
      severity: 'warning',
      path: written(path),
      ...place,
      message: `is unknown: ${hint}`,
    });
  }

  #error(path: Path, message: string): void {
    this.problems.push({ severity: 'error', path: written(path), ...this.#parsed.placeOf(path), message });
  }
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
