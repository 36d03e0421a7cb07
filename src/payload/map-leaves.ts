/** Converts a value that is neither an array nor a plain object. */
export type Leaf = (value: unknown) => unknown;

/** Copies plain data and converts each value that is neither an array nor a plain object. */
export function mapLeaves(value: unknown, leaf: Leaf): unknown {
  if (Array.isArray(value)) return value.map((inner) => mapLeaves(inner, leaf));
  if (!isPlainObject(value)) return leaf(value);
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, mapLeaves(inner, leaf)]));
}

function isPlainObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

/** Converts a bigint to a number if no digit is lost; returns other values unchanged. */
export function exactNumber(value: unknown): unknown {
  if (typeof value !== 'bigint') return value;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}
