/** Reads Python's dates and times from the bytes that CPython's `datetime` writes into a pickle. */
import { isInteger, wrongForm } from './forms.ts';

/** Returns ISO 8601 text. `zone` is the offset from UTC in seconds, or undefined. */
export function dateTime(state: unknown, zone: unknown): string {
  const bytes = stateOf(state, 10);
  return `${date(bytes.subarray(0, 4))}T${time(bytes.subarray(4), zone)}`;
}

/** Returns ISO 8601 text. Ignores the highest bit of the month, which is datetime's `fold`. */
export function date(state: unknown): string {
  const bytes = stateOf(state, 4);
  return [
    padded(bytes.readUInt16BE(), 4),
    padded(bytes.readUInt8(2) & 0x7f),
    padded(bytes.readUInt8(3)),
  ].join('-');
}

/** Returns ISO 8601 text. Ignores the highest bit of the hour, which is datetime's `fold`. */
export function time(state: unknown, zone: unknown): string {
  const bytes = stateOf(state, 6);
  const micros = bytes.readUIntBE(3, 3);
  const clock = [...bytes.subarray(0, 3)].map((part) => padded(part & 0x7f)).join(':');
  return `${clock}${micros === 0 ? '' : `.${padded(micros, 6)}`}${zone === undefined ? '' : offset(zone)}`;
}

/** Returns seconds. */
export function duration(days: unknown = 0, seconds: unknown = 0, micros: unknown = 0): number {
  if (![days, seconds, micros].every(isInteger)) return wrongForm('a time difference');
  return Number(days) * 86_400 + Number(seconds) + Number(micros) / 1e6;
}

function stateOf(state: unknown, length: number): Buffer {
  const bytes = typeof state === 'string' ? Buffer.from(state, 'latin1') : state;
  return Buffer.isBuffer(bytes) && bytes.length === length ? bytes : wrongForm('a date or time');
}

/** Returns `Z`, or hours and minutes, and seconds unless they are 0. */
function offset(zone: unknown): string {
  if (!Number.isInteger(zone)) return wrongForm('a time zone');
  const seconds = Math.abs(Number(zone));
  if (seconds === 0) return 'Z';
  const parts = [Math.trunc(seconds / 3600), Math.trunc(seconds / 60) % 60, seconds % 60];
  if (parts[2] === 0) parts.pop();
  return (Number(zone) < 0 ? '-' : '+') + parts.map((part) => padded(part)).join(':');
}

function padded(number: number, digits = 2): string {
  return String(number).padStart(digits, '0');
}
