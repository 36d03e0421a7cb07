import type * as Arrow from 'apache-arrow';
import { exactNumber } from '../exact-number.ts';
import { setOwn } from '../own-property.ts';

type Library = typeof Arrow;

/** Arrow's library, and how many values it may still give: a damaged length can say anything. */
export interface Reading {
  arrow: Library;
  left: number;
}
type Vector = Arrow.Vector;

/** Digits of a second in each of Arrow's units: seconds, milli-, micro- and nanoseconds. */
const DIGITS = [0, 3, 6, 9];

/**
 * One value of a column as plain data, exactly: big integers as bigints, times as ISO 8601 text with all their digits (with
 * `Z` if the column has a time zone), decimals as text, bytes as Buffers, lists and structs as arrays and objects.
 */
export function arrowCell(reading: Reading, vector: Vector | null, index: number): unknown {
  spend(reading, 1);
  if (!vector?.isValid(index)) return null;
  const { DataType } = reading.arrow;
  const type = vector.type as Arrow.DataType;
  if (DataType.isTimestamp(type)) return timestamp(raw(vector, index), type.unit, Boolean(type.timezone));
  if (DataType.isDate(type)) return new Date(Number(vector.get(index))).toISOString().slice(0, 10);
  if (DataType.isTime(type)) return time(raw(vector, index), type.unit);
  if (DataType.isDuration(type)) return exactNumber(raw(vector, index));
  if (DataType.isDecimal(type)) return decimal(vector.get(index) as Uint32Array, type.scale);
  if (DataType.isStruct(type)) return struct(reading, vector, index);
  if (DataType.isList(type) || DataType.isFixedSizeList(type))
    return list(reading, vector.get(index) as Vector);
  return plain(vector.get(index));
}

function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value);
  if (typeof value === 'object' && value !== null && 'toJSON' in value) {
    return (value as { toJSON(): unknown }).toJSON();
  }
  return exactNumber(value);
}

/** The integer that stands in the column's memory. */
function raw(vector: Vector, index: number): bigint {
  let left = index;
  for (const chunk of vector.data) {
    if (left < chunk.length) return BigInt((chunk.values as ArrayLike<bigint | number>)[left] ?? 0);
    left -= chunk.length;
  }
  return 0n;
}

function timestamp(value: bigint, unit: number, hasZone: boolean): string {
  const parts = 10n ** BigInt(DIGITS[unit] ?? 0);
  const fraction = ((value % parts) + parts) % parts;
  const seconds = (value - fraction) / parts;
  const date = new Date(Number(seconds) * 1000).toISOString().replace(/\.000Z$/, '');
  return `${date}${fractionText(fraction, unit)}${hasZone ? 'Z' : ''}`;
}

function time(value: bigint, unit: number): string {
  const parts = 10n ** BigInt(DIGITS[unit] ?? 0);
  const date = new Date(Number(value / parts) * 1000).toISOString().slice(11, 19);
  return `${date}${fractionText(value % parts, unit)}`;
}

function fractionText(fraction: bigint, unit: number): string {
  const digits = DIGITS[unit] ?? 0;
  return digits === 0 ? '' : `.${String(fraction).padStart(digits, '0')}`;
}

/** Little-endian words in two's complement. */
function decimal(words: Uint32Array, scale: number): string {
  const bits = words.length * 32;
  const unsigned = words.reduceRight((sum, word) => (sum << 32n) | BigInt(word), 0n);
  const value = BigInt.asIntN(bits, unsigned);
  const digits = String(value < 0n ? -value : value).padStart(scale + 1, '0');
  const whole = digits.slice(0, digits.length - scale);
  return `${value < 0n ? '-' : ''}${whole}${scale > 0 ? `.${digits.slice(-scale)}` : ''}`;
}

function struct(reading: Reading, vector: Vector, index: number): Record<string, unknown> {
  const object: Record<string, unknown> = {};
  for (const [column, { name }] of (vector.type as Arrow.Struct).children.entries()) {
    setOwn(object, name, arrowCell(reading, vector.getChildAt(column), index));
  }
  return object;
}

function list(reading: Reading, items: Vector): unknown[] {
  spend(reading, items.length);
  return Array.from({ length: items.length }, (_, index) => arrowCell(reading, items, index));
}

/** Throws before memory is taken for more values than there may be. */
export function spend(reading: Reading, values: number): void {
  reading.left -= values;
  if (!(reading.left >= 0)) throw new Error('it says that it holds more values than a message may');
}
