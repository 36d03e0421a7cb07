/** JSON with integers of any size, which JSON.parse would round and JSON.stringify refuses. */
import { randomUUID } from 'node:crypto';

/** Prefix of a text that represents an integer; random, so that payloads can't contain it. */
const MARK = randomUUID();

/** Replaces integers that may be too large for a number by marked texts, which `unmarked` converts to bigints. */
export function withMarks(json: string): string {
  let isText = false;
  return json.replace(/\\.|"|-?\d[\d.eE+-]*/g, (token) => {
    if (token === '"') isText = !isText;
    return !isText && /^-?\d{16,}$/.test(token) ? `"${MARK}${token}"` : token;
  });
}

/** Converts a marked text to its bigint; returns other values unchanged. */
export function unmarked(value: unknown): unknown {
  return typeof value === 'string' && value.startsWith(MARK) ? BigInt(value.slice(MARK.length)) : value;
}

/** Writes JSON like JSON.stringify, with bigints as integers. */
export function stringifyExact(value: unknown): string {
  const marked = JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'bigint' ? `${MARK}${inner}` : inner,
  );
  return marked.replaceAll(new RegExp(`"${MARK}(-?\\d+)"`, 'g'), '$1');
}
