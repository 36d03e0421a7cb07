/** Converts parameters; returns undefined without parameters, so that the query may have several statements. */
export function toTexts(params: readonly unknown[] = []): (string | null)[] | undefined {
  return params.length > 0 ? params.map(toText) : undefined;
}

/**
 * Converts a value to PostgreSQL's text format like node-postgres: null and undefined become NULL, arrays PostgreSQL
 * arrays, and other objects JSON.
 */
function toText(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  if (typeof value !== 'object') return `${value as string | number | bigint | boolean}`;
  if (ArrayBuffer.isView(value)) return `\\x${bytesOf(value).toString('hex')}`;
  if (value instanceof Date) return localTime(value);
  if (Array.isArray(value)) return `{${value.map(toElement).join(',')}}`;
  return JSON.stringify(value);
}

function toElement(value: unknown): string {
  if (Array.isArray(value)) return toText(value) ?? 'NULL';
  const text = toText(value);
  return text === null ? 'NULL' : `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}

/** Formats local time with its offset, so that a column without time zone gets local time. */
function localTime(date: Date): string {
  const offset = -date.getTimezoneOffset();
  const local = new Date(date.getTime() + offset * 60_000).toISOString().slice(0, -1);
  const [hours, minutes] = [Math.abs(offset) / 60, Math.abs(offset) % 60].map((part) => twoDigits(part));
  return `${local}${offset < 0 ? '-' : '+'}${hours}:${minutes}`;
}

function twoDigits(number: number): string {
  return String(Math.floor(number)).padStart(2, '0');
}
