import { UnrecoverableError } from 'bullmq';
import { GiveUpError } from '../../errors.ts';
import { errorText } from '../store/error-text.ts';

const LONGEST_MESSAGE = 2000;
const LONGEST_STACK = 10_000;
const REFUSED = /\0|\p{Surrogate}/gu;

/**
 * An error that every store can record and that tells BullMQ whether to try again; its `cause` is the original.
 * PostgreSQL refuses NUL characters and lone surrogates, and then the failure itself could not be recorded.
 */
export function safeError(error: unknown): Error {
  const message = safeText(errorText(error), LONGEST_MESSAGE);
  const safe = error instanceof GiveUpError ? new UnrecoverableError(message) : new Error(message);
  const stack = error instanceof Error && error.stack !== undefined ? error.stack : message;
  safe.stack = safeText(stack, LONGEST_STACK);
  safe.cause = error;
  return safe;
}

/** Text that every store can hold, cut to a length. */
export function safeText(text: string, longest: number): string {
  return text.slice(0, longest).replaceAll(REFUSED, '\ufffd');
}
