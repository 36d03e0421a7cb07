import { setTimeout as sleep } from 'node:timers/promises';
import { InterruptedError } from './errors.ts';

/** Bounds of a delay in milliseconds. Default: those of a store */
interface DelayBounds {
  first: number;
  longest: number;
}

const OF_STORE: DelayBounds = { first: 250, longest: 30_000 };

/**
 * Returns the milliseconds to wait after a failed attempt: doubles from `first` to `longest`, minus a random part of up
 * to half, so that many clients don't reconnect simultaneously.
 */
export function growingDelay(attempt: number, { first, longest }: DelayBounds = OF_STORE): number {
  const most = Math.min(longest, first * 2 ** Math.min(attempt - 1, 20));
  return Math.round(most * (1 - Math.random() / 2));
}

/** Waits, or until `signal` aborts. */
export async function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  await sleep(milliseconds, undefined, signal && { signal }).catch(() => undefined);
}

/** Waits for `growingDelay(attempt)`; rejects with InterruptedError when `closing` aborts. */
export async function waitToRetry(attempt: number, closing: AbortSignal): Promise<void> {
  await pause(growingDelay(attempt), closing);
  if (closing.aborted) throw new InterruptedError('the queue was closed');
}
