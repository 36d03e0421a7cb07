/** JSON with integers of any size, which JSON.parse rounds and JSON.stringify refuses. */
import { randomUUID } from 'node:crypto';

/** Stands before the digits of an integer while they are a text; nobody can guess it. */
const MARK = randomUUID();

/** The same JSON with a marked text for each integer that a number may not hold; `unmarked` makes bigints of them. */
export function withMarks(json: string): string {
  let isText = false;
  return json.replace(/\\.|"|-?\d[\d.eE+-]*/g, (token) => {
    if (token === '"') isText = !isText;
    return !isText && /^-?\d{16,}$/.test(token) ? `"${MARK}${token}"` : token;
  });
}

/** The bigint that a marked text stands for; any other value as it is. */
export function unmarked(value: unknown): unknown {
  return typeof value === 'string' && value.startsWith(MARK) ? BigInt(value.slice(MARK.length)) : value;
}

/** JSON.stringify, where bigints are integers. */
export function stringifyExact(value: unknown): string {
  const marked = JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'bigint' ? `${MARK}${inner}` : inner,
  );
  return marked.replaceAll(new RegExp(`"${MARK}(-?\\d+)"`, 'g'), '$1');
}
