import { setTimeout as sleep } from 'node:timers/promises';
import { InterruptedError } from '../../errors.ts';

const FIRST = 250;
const LONGEST = 30_000;

/**
 * Milliseconds to wait before try `attempt` + 1: doubles from a quarter of a second to half a minute, less a random
 * part of up to a half, so that many gateways do not come back in step.
 */
export function growingDelay(attempt: number): number {
  const most = Math.min(LONGEST, FIRST * 2 ** Math.min(attempt - 1, 20));
  return Math.round(most * (1 - Math.random() / 2));
}

/** Waits for `growingDelay(attempt)`; rejects with InterruptedError as soon as `closing` aborts. */
export async function waitToRetry(attempt: number, closing: AbortSignal): Promise<void> {
  try {
    await sleep(growingDelay(attempt), undefined, { signal: closing });
  } catch {
    throw new InterruptedError('the queue was closed');
  }
}
