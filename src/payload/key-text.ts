/** The name of a property for a key of a map; throws if it is neither text nor a number. */
export function keyText(key: unknown): string {
  if (typeof key === 'string') return key;
  if (typeof key === 'number' || typeof key === 'bigint') return String(key);
  throw new Error('a key of a map is neither text nor a number');
}
