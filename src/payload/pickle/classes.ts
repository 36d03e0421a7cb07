/** The classes of Python's standard library that are plain data, and what becomes of them. Nothing else is ever built. */

/** Makes data of what Python would call the class with. */
export type Build = (args: unknown[]) => unknown;

const builds: Record<string, Build> = {
  'builtins set': ([items = []]) => items,
  'builtins frozenset': ([items = []]) => items,
  'builtins bytearray': ([bytes = '', encoding]) => bytesOf(bytes, encoding),
  'builtins bytes': ([bytes = '', encoding]) => bytesOf(bytes, encoding),
  'builtins complex': ([real = 0, imaginary = 0]) => [real, imaginary],
  '_codecs encode': ([text, encoding]) => bytesOf(text, encoding),
  'collections OrderedDict': () => ({}),
  'collections defaultdict': () => ({}),
  'collections deque': ([items = []]) => items,
  'builtins int': () => 0,
  'builtins long': () => 0,
  'builtins list': () => [],
  'builtins dict': () => ({}),
  'decimal Decimal': ([text]) => String(text),
  'fractions Fraction': ([text]) => String(text),
  'datetime datetime': ([state, zone]) => dateTime(state, zone),
  'datetime date': ([state]) => date(stateOf(state, 4)),
  'datetime time': ([state]) => time(stateOf(state, 6)),
  'datetime timedelta': ([days, seconds, micros]) => duration(days, seconds, micros),
  'datetime timezone': ([seconds]) => seconds,
};

/** Python 2's names of modules, which protocols 0 to 2 use. */
const OLD_NAMES: Record<string, string> = { __builtin__: 'builtins' };

/** What builds objects of a class, or undefined for a class that is not plain data. */
export function buildOf(module: string, name: string): Build | undefined {
  const key = `${OLD_NAMES[module] ?? module} ${name}`;
  return Object.hasOwn(builds, key) ? builds[key] : undefined;
}

function bytesOf(text: unknown, encoding: unknown): Buffer {
  if (Buffer.isBuffer(text)) return text;
  if (Array.isArray(text)) return Buffer.from(text as number[]);
  if (typeof text !== 'string') throw new Error('bytes are made of something else');
  return Buffer.from(text, encoding === 'latin1' || encoding === 'latin-1' ? 'latin1' : 'utf8');
}

/** The bytes that a class of datetime keeps its fields in. */
function stateOf(state: unknown, length: number): Buffer {
  const bytes = typeof state === 'string' ? Buffer.from(state, 'latin1') : state;
  if (!Buffer.isBuffer(bytes) || bytes.length !== length) throw new Error('a date has a wrong form');
  return bytes;
}

function dateTime(state: unknown, zone: unknown): string {
  const bytes = stateOf(state, 10);
  return `${date(bytes.subarray(0, 4))}T${time(bytes.subarray(4))}${zone === undefined ? '' : offset(zone)}`;
}

function date(bytes: Buffer): string {
  return [two(bytes.readUInt16BE(), 4), two(bytes.readUInt8(2) & 0x7f), two(bytes.readUInt8(3))].join('-');
}

function time(bytes: Buffer): string {
  const micros = bytes.readUIntBE(3, 3);
  const clock = [...bytes.subarray(0, 3)].map((part) => two(part & 0x7f)).join(':');
  return micros === 0 ? clock : `${clock}.${two(micros, 6)}`;
}

/** Seconds. */
function duration(days: unknown = 0, seconds: unknown = 0, micros: unknown = 0): number {
  return Number(days) * 86_400 + Number(seconds) + Number(micros) / 1e6;
}

function offset(seconds: unknown): string {
  if (typeof seconds !== 'number') throw new Error('a time zone is no offset from UTC');
  if (seconds === 0) return 'Z';
  const minutes = Math.abs(Math.trunc(seconds / 60));
  return `${seconds < 0 ? '-' : '+'}${two(Math.trunc(minutes / 60))}:${two(minutes % 60)}`;
}

function two(number: number, digits = 2): string {
  return String(number).padStart(digits, '0');
}
