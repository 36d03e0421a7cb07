/** Accepts no other type: Number() would also convert lists, which may contain themselves. */
export function isInteger(value: unknown): value is number | bigint {
  return typeof value === 'bigint' || Number.isInteger(value);
}

/** Throws an error: the state of a Python object is invalid. */
export function wrongForm(what: string): never {
  throw new Error(`${what} is invalid`);
}
