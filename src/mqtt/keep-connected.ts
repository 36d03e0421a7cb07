import { growingDelay, pause } from '../base/growing-delay.ts';
import type { Connection } from '../base/model.ts';
import type { BrokerOptions } from './options.ts';
import type { Trouble } from './trouble.ts';

/** How a network connection ended. */
export interface Ending {
  trouble: Trouble;
  /** Duration in ms; undefined if the connection was never established. */
  lasted?: number | undefined;
}

interface KeepConnected {
  options: Pick<BrokerOptions, 'reconnect_delay' | 'reconnect_retries'>;
  /** Connects once; resolves when the connection has ended. */
  connect: () => Promise<Ending>;
  report: (connection: Connection) => void;
  signal: AbortSignal;
}

/** Milliseconds after which a connection counts as stable; a shorter one counts as a failed attempt. */
export const STABLE_AFTER = 10_000;

/** Maximum delay between two attempts, as a multiple of `reconnect_delay`. */
const LONGEST = 12;

/**
 * Connects and reconnects until aborted. Gives up if the first connection fails more than `reconnect_retries` times.
 */
export async function keepConnected({ options, connect, report, signal }: KeepConnected): Promise<void> {
  const { reconnect_delay: delay, reconnect_retries: retries = Infinity } = options;
  let failures = 0;
  let hasConnected = false;
  report({ state: 'connecting' });
  while (!signal.aborted) {
    const { trouble, lasted } = await connect();
    hasConnected ||= lasted !== undefined;
    failures = (lasted ?? 0) > STABLE_AFTER ? 1 : failures + 1;
    if (!hasConnected && failures > retries) {
      report({ state: 'failed', reason: `${trouble.reason} (gave up after ${failures} attempts)` });
      return;
    }
    report(trouble);
    // Retry rarely if a person must act: a password may also be corrected at the broker.
    const attempt = trouble.state === 'failed' ? Infinity : failures;
    await pause(growingDelay(attempt, { first: delay * 1000, longest: delay * 1000 * LONGEST }), signal);
  }
}
