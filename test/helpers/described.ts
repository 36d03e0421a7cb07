import { isDate } from 'node:util/types';
import { Tuple } from '../../src/queue/rq/write-pickle.ts';

/** What a value has to be in Python, in the words of describe_pickles.py. */
export function described(value: unknown): unknown {
  if (value === undefined || value === null || typeof value === 'boolean') return value ?? null;
  if (typeof value === 'bigint') return { int: pythonHex(value) };
  if (typeof value === 'number') return describedNumber(value);
  if (typeof value === 'string') return { str: Buffer.from(value, 'utf16le').toString('hex') };
  if (isDate(value)) return described(value.toISOString());
  if (value instanceof Uint8Array) return { bytes: Buffer.from(value).toString('hex') };
  if (value instanceof Tuple) return { tuple: value.items.map(described) };
  if (Array.isArray(value)) return { list: Array.from(value, described) };
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
  return { dict: entries.map(([key, inner]) => [described(key), described(inner)]) };
}

function describedNumber(number: number): unknown {
  if (Number.isSafeInteger(number) && !Object.is(number, -0)) return { int: pythonHex(BigInt(number)) };
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(number);
  return { float: bytes.toString('hex') };
}

function pythonHex(integer: bigint): string {
  return integer < 0n ? `-0x${(-integer).toString(16)}` : `0x${integer.toString(16)}`;
}
