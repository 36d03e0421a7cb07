/** An error's words, for a person; never empty. */
export function errorText(error: unknown): string {
  // Node's answer when a host has several addresses and none answers: the words are in its parts.
  if (error instanceof AggregateError && error.errors.length > 0) return errorText(error.errors[0]);
  if (!(error instanceof Error)) return String(error);
  return error.message === '' ? error.name : error.message;
}
