/** Tells whether the network failed. An AggregateError means that none of a host's addresses answers. */
export function isNetworkError(error: Error): boolean {
  return 'syscall' in error || error instanceof AggregateError;
}
