import { UnrecoverableError } from 'bullmq';
import { GiveUpError } from '../../base/errors.ts';
import { errorText } from '../store/error-text.ts';

const LONGEST_MESSAGE = 2000;
/** A job keeps the stacks of 20 attempts. */
const LONGEST_STACK = 5000;
const REFUSED = /\0|\p{Surrogate}/gu;

/**
 * Converts an error to one that every store can record, and that tells BullMQ whether to retry; `cause` is the
 * original. PostgreSQL rejects NUL characters and lone surrogates, so it could not record the failure.
 */
export function safeError(error: unknown): Error {
  const message = safeText(errorText(error), LONGEST_MESSAGE);
  const safe = error instanceof GiveUpError ? new UnrecoverableError(message) : new Error(message);
  const stack = error instanceof Error && error.stack !== undefined ? error.stack : message;
  safe.stack = safeText(stack, LONGEST_STACK);
  safe.cause = error;
  return safe;
}

/** Truncates text, and replaces characters that a store may reject. */
export function safeText(text: string, longest: number): string {
  return text.slice(0, longest).replaceAll(REFUSED, '\ufffd');
}
