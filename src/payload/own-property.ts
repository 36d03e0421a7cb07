/** Sets a property that belongs to the object itself, also where its name means something else, as `__proto__` does. */
export function setOwn(object: object, name: string, value: unknown): void {
  Object.defineProperty(object, name, { value, writable: true, enumerable: true, configurable: true });
}
