/** Sets an own property, even with a special name such as `__proto__`. */
export function setOwn(object: object, name: string, value: unknown): void {
  Object.defineProperty(object, name, { value, writable: true, enumerable: true, configurable: true });
}

/** Converts the key of a map to a property name; throws if the key is neither text nor a number. */
export function keyText(key: unknown): string {
  if (typeof key === 'string') return key;
  if (typeof key === 'number' || typeof key === 'bigint') return String(key);
  throw new Error('a key of a map is neither text nor a number');
}
