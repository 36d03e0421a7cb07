/** The supported classes of Python's standard library, and their conversion to plain data. */
import { isInteger, wrongForm } from './forms.ts';
import { date, dateTime, duration, time } from './times.ts';

/** Converts the arguments of a class's constructor to plain data. */
export type Build = (args: unknown[]) => unknown;

const builds: Record<string, Build> = {
  'builtins set': ([items = []]) => list(items),
  'builtins frozenset': ([items = []]) => list(items),
  'builtins bytearray': ([bytes = '', encoding]) => bytesOf(bytes, encoding),
  'builtins bytes': ([bytes = '', encoding]) => bytesOf(bytes, encoding),
  'builtins complex': ([real = 0, imaginary = 0]) => complex(real, imaginary),
  '_codecs encode': ([text, encoding]) => bytesOf(text, encoding),
  'collections OrderedDict': () => ({}),
  'collections defaultdict': () => ({}),
  'collections deque': ([items = []]) => list(items),
  'builtins int': () => 0,
  'builtins long': () => 0,
  'builtins list': () => [],
  'builtins dict': () => ({}),
  'decimal Decimal': ([text]) => decimal(text),
  'fractions Fraction': ([numerator, denominator]) => fraction(numerator, denominator),
  'datetime datetime': ([state, zone]) => dateTime(state, zone),
  'datetime date': ([state]) => date(state),
  'datetime time': ([state, zone]) => time(state, zone),
  'datetime timedelta': ([days, seconds, micros]) => duration(days, seconds, micros),
  'datetime timezone': ([seconds]) => seconds,
  // Protocols 0 and 1 use it to create objects of any class.
  'copyreg _reconstructor': () => wrongForm('an object'),
};

/** Module names of Python 2, which protocols 0 to 2 use. */
const OLD_NAMES: Record<string, string> = { __builtin__: 'builtins', copy_reg: 'copyreg' };

/** Returns the conversion for a class, or undefined if the class is unsupported. */
export function buildOf(module: string, name: string): Build | undefined {
  const key = `${OLD_NAMES[module] ?? module} ${name}`;
  return Object.hasOwn(builds, key) ? builds[key] : undefined;
}

function list(items: unknown): unknown[] {
  return Array.isArray(items) ? items : wrongForm('a set or a queue');
}

function bytesOf(content: unknown, encoding: unknown): Buffer {
  if (Buffer.isBuffer(content)) return content;
  if (typeof content !== 'string') return wrongForm('a sequence of bytes');
  return Buffer.from(content, encoding === 'latin1' || encoding === 'latin-1' ? 'latin1' : 'utf8');
}

function complex(...parts: unknown[]): unknown[] {
  return parts.every((part) => typeof part === 'number') ? parts : wrongForm('a complex number');
}

function decimal(text: unknown): string {
  return typeof text === 'string' ? text : wrongForm('a decimal');
}

/** The arguments are two integers, or one text in older versions of Python. */
function fraction(numerator: unknown, denominator: unknown): string {
  if (typeof numerator === 'string') return numerator;
  if (!isInteger(numerator) || !isInteger(denominator)) return wrongForm('a fraction');
  return denominator === 1 ? `${numerator}` : `${numerator}/${denominator}`;
}
