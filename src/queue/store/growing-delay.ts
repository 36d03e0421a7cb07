import { setTimeout as sleep } from 'node:timers/promises';
import { InterruptedError } from '../../errors.ts';

const FIRST = 250;
const LONGEST = 30_000;

/**
 * Returns the milliseconds to wait after a failed attempt: doubles from 0.25 to 30 seconds, minus a random part of up
 * to half, so that many gateways don't reconnect simultaneously.
 */
export function growingDelay(attempt: number): number {
  const most = Math.min(LONGEST, FIRST * 2 ** Math.min(attempt - 1, 20));
  return Math.round(most * (1 - Math.random() / 2));
}

/** Waits for `growingDelay(attempt)`; rejects with InterruptedError when `closing` aborts. */
export async function waitToRetry(attempt: number, closing: AbortSignal): Promise<void> {
  try {
    await sleep(growingDelay(attempt), undefined, { signal: closing });
  } catch {
    throw new InterruptedError('the queue was closed');
  }
}
