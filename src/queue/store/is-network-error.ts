/** Whether the network failed, or a host with several addresses does not answer on any of them. */
export function isNetworkError(error: Error): boolean {
  return 'syscall' in error || error instanceof AggregateError;
}
