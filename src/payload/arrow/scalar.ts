import type * as Arrow from 'apache-arrow';
import { exactNumber } from '../exact-number.ts';
import { dayText, timestampText, timeText } from './time-text.ts';

/**
 * A value that holds no others, exactly: big integers as bigints, times as ISO 8601 text with all their digits (with `Z` if
 * the column has a time zone), decimals as text, bytes as they are.
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

/** Little-endian words in two's complement, times ten to the power of `-scale`. */
function decimalText(words: Uint32Array, scale: number): string {
  const unsigned = words.reduceRight((sum, word) => (sum << 32n) | BigInt(word), 0n);
  const value = BigInt.asIntN(words.length * 32, unsigned);
  if (scale <= 0) return String(value * 10n ** BigInt(-scale));
  const digits = String(value < 0n ? -value : value).padStart(scale + 1, '0');
  return `${value < 0n ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

/** Years and months, or days and milliseconds, or months, days and nanoseconds in two words. */
function interval([first = 0, second = 0, low, high]: number[]): unknown[] {
  if (low === undefined || high === undefined) return [first, second];
  return [first, second, exactNumber((BigInt(high) << 32n) | BigInt(low >>> 0))];
}
