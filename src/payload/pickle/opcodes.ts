import type { PickleMachine } from './pickle-machine.ts';

type Operation = (machine: PickleMachine) => void;

/** Converts a character (protocol 0) or a number in hexadecimal to the byte of an opcode. */
const code = (key: string) => (key.length === 1 ? key.charCodeAt(0) : Number(key));

const STOP = code('.');

/** The supported opcodes, in the order of Python's `pickletools`. Persistent and external objects are unsupported. */
const operations: Record<string, Operation> = {
  // Numbers, None, True, False
  I: (m) => m.push(decimalInteger(m.bytes.line())),
  J: (m) => m.push(m.bytes.int32()),
  K: (m) => m.push(m.bytes.uint(1)),
  M: (m) => m.push(m.bytes.uint(2)),
  L: (m) => m.push(decimalInteger(m.bytes.line().replace(/L$/, ''))),
  '0x8a': (m) => m.push(m.bytes.bigint(m.bytes.uint(1))),
  '0x8b': (m) => m.push(m.bytes.bigint(m.bytes.int32())),
  F: (m) => m.push(decimalFloat(m.bytes.line())),
  G: (m) => m.push(m.bytes.float()),
  N: (m) => m.push(null),
  '0x88': (m) => m.push(true),
  '0x89': (m) => m.push(false),
  // Texts and bytes
  S: (m) => m.push(quoted(m.bytes.line())),
  T: (m) => m.push(m.bytes.take(m.bytes.int32()).toString('latin1')),
  U: (m) => m.push(m.bytes.take(m.bytes.uint(1)).toString('latin1')),
  V: (m) => m.push(unescaped(m.bytes.line())),
  X: (m) => m.push(m.bytes.utf8(m.bytes.uint(4))),
  '0x8c': (m) => m.push(m.bytes.utf8(m.bytes.uint(1))),
  '0x8d': (m) => m.push(m.bytes.utf8(m.bytes.uint64())),
  B: (m) => m.push(m.bytes.copy(m.bytes.uint(4))),
  C: (m) => m.push(m.bytes.copy(m.bytes.uint(1))),
  '0x8e': (m) => m.push(m.bytes.copy(m.bytes.uint64())),
  '0x96': (m) => m.push(m.bytes.copy(m.bytes.uint64())),
  // Lists, tuples, dicts, sets
  ']': (m) => m.push([]),
  a: (m) => m.append([m.pop()]),
  e: (m) => m.append(m.popMarked()),
  l: (m) => pushList(m, m.popMarked()),
  ')': (m) => m.push([]),
  t: (m) => m.pushTuple(m.popMarked()),
  '0x85': (m) => m.pushTuple(m.popMany(1)),
  '0x86': (m) => m.pushTuple(m.popMany(2)),
  '0x87': (m) => m.pushTuple(m.popMany(3)),
  '}': (m) => m.push({}),
  d: (m) => pushDict(m, m.popMarked()),
  s: (m) => m.setItems(m.popMany(2)),
  u: (m) => m.setItems(m.popMarked()),
  '0x8f': (m) => m.push([]),
  '0x90': (m) => m.append(m.popMarked()),
  '0x91': (m) => pushList(m, m.popMarked()),
  // The stack and the memo
  '0': (m) => m.pop(),
  '2': (m) => m.push(m.top()),
  '(': (m) => m.mark(),
  '1': (m) => m.popMarked(),
  g: (m) => m.get(Number(m.bytes.line())),
  h: (m) => m.get(m.bytes.uint(1)),
  j: (m) => m.get(m.bytes.uint(4)),
  p: (m) => m.put(Number(m.bytes.line())),
  q: (m) => m.put(m.bytes.uint(1)),
  r: (m) => m.put(m.bytes.uint(4)),
  '0x94': (m) => m.memoize(),
  // Objects
  c: (m) => m.pushName(m.bytes.line(), m.bytes.line()),
  '0x93': (m) => m.pushName(...(m.popMany(2) as [unknown, unknown])),
  R: (m) => m.call(...(m.popMany(2) as [unknown, unknown])),
  '0x81': (m) => m.call(...(m.popMany(2) as [unknown, unknown])),
  // Framing
  '0x80': (m) => checkProtocol(m.bytes.uint(1)),
  '0x95': (m) => checkFrame(m),
};

const table = new Map(Object.entries(operations).map(([key, operation]) => [code(key), operation]));

/** Executes the pickle up to its end; throws an Error unless it is a pickle of plain data. */
export function run(machine: PickleMachine): void {
  for (;;) {
    const byte = machine.bytes.uint(1);
    if (byte === STOP) return;
    const operation = table.get(byte);
    if (!operation) throw new Error(`the opcode 0x${byte.toString(16)} is unsupported`);
    operation(machine);
  }
}

function pushList(machine: PickleMachine, items: unknown[]): void {
  machine.push([]);
  machine.append(items);
}

function pushDict(machine: PickleMachine, items: unknown[]): void {
  machine.push({});
  machine.setItems(items);
}

function checkProtocol(version: number): void {
  if (version > 5) throw new Error(`the protocol ${version} is unsupported, use 0 to 5`);
}

function checkFrame({ bytes }: PickleMachine): void {
  if (bytes.uint64() > bytes.left) throw new Error('it is truncated');
}

/** Protocol 0 writes True and False as 01 and 00. */
function decimalInteger(line: string): unknown {
  if (line === '01' || line === '00') return line === '01';
  if (!/^-?\d{1,10000}$/.test(line)) throw new Error('invalid number');
  return BigInt(line);
}

function decimalFloat(line: string): number {
  if (/^-?inf$/.test(line)) return line.startsWith('-') ? -Infinity : Infinity;
  if (line !== 'nan' && !/^-?[\d.]+(e[+-]?\d+)?$/.test(line)) throw new Error('invalid number');
  return Number(line);
}

/** Reads Python 2's text in quotes, with escapes. */
function quoted(line: string): string {
  const inner = /^(['"])(.*)\1$/s.exec(line)?.[2];
  if (inner === undefined) throw new Error('the quotes of a text are missing');
  const escapes: Record<string, string> = { n: '\n', r: '\r', t: '\t', '\\': '\\', "'": "'", '"': '"' };
  return inner.replace(/\\(x([\da-f]{2})|.)/gi, (_, one: string, hex?: string) =>
    hex === undefined ? (escapes[one] ?? `\\${one}`) : String.fromCharCode(parseInt(hex, 16)),
  );
}

/** Decodes Python's raw-unicode-escape, in which only \u and \U are escapes. */
function unescaped(line: string): string {
  return line.replace(/\\u([\da-fA-F]{4})|\\U([\da-fA-F]{8})/g, (_, short?: string, long?: string) =>
    String.fromCodePoint(parseInt(short ?? long ?? '', 16)),
  );
}
