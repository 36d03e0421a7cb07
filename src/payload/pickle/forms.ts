/** Whether a value is an integer; lists, of which JavaScript would make numbers as well, can be endless. */
export function isInteger(value: unknown): value is number | bigint {
  return typeof value === 'bigint' || Number.isInteger(value);
}

/** Throws: what stands for a value of Python cannot be one. */
export function wrongForm(what: string): never {
  throw new Error(`${what} in it has a wrong form`);
}
