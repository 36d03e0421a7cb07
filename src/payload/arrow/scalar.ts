import type * as Arrow from 'apache-arrow';
import { exactNumber } from '../define-format.ts';
import { dayText, timestampText, timeText } from './time-text.ts';

/**
 * Reads a single value without loss: large integers as bigints, times as ISO 8601 text with all digits (with `Z` if the
 * column has a time zone), decimals as text, bytes unchanged.
 */
export function scalar({ DataType, Vector }: typeof Arrow, data: Arrow.Data, index: number): unknown {
  const type: unknown = data.type;
  const integer = () => BigInt(data.values[index] as number | bigint);
  if (DataType.isTimestamp(type)) return timestampText(integer(), type.unit) + (type.timezone ? 'Z' : '');
  if (DataType.isDate(type)) return dayText(integer(), type.unit);
  if (DataType.isTime(type)) return timeText(integer(), type.unit);
  const value: unknown = new Vector([data]).get(index);
  if (DataType.isDecimal(type)) return decimalText(value as Uint32Array, type.scale);
  if (DataType.isInterval(type)) return interval([...(value as Int32Array)]);
  return exactNumber(value);
}

/** Formats a decimal. `words` are little-endian in two's complement; the value is their number times 10^-scale. */
function decimalText(words: Uint32Array, scale: number): string {
  const unsigned = words.reduceRight((sum, word) => (sum << 32n) | BigInt(word), 0n);
  const value = BigInt.asIntN(words.length * 32, unsigned);
  if (scale <= 0) return String(value * 10n ** BigInt(-scale));
  const digits = String(value < 0n ? -value : value).padStart(scale + 1, '0');
  return `${value < 0n ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

/** Returns years and months, days and milliseconds, or months, days and nanoseconds (from two words). */
function interval([first = 0, second = 0, low, high]: number[]): unknown[] {
  if (low === undefined || high === undefined) return [first, second];
  return [first, second, exactNumber((BigInt(high) << 32n) | BigInt(low >>> 0))];
}
