/** Returns the message of an error; never empty. */
export function errorText(error: unknown): string {
  // Node.js throws it if none of a host's addresses answers; its own message is empty.
  if (error instanceof AggregateError && error.errors.length > 0) return errorText(error.errors[0]);
  if (!(error instanceof Error)) return String(error);
  return error.message === '' ? error.name : error.message;
}

/** Tells whether the network failed. An AggregateError means that none of a host's addresses answers. */
export function isNetworkError(error: Error): boolean {
  return 'syscall' in error || error instanceof AggregateError;
}
