import { setTimeout } from 'node:timers/promises';
import type { Connection } from '../model.ts';
import type { BrokerOptions } from './options.ts';
import type { Trouble } from './trouble.ts';

/** How a network connection ended. */
export interface Ending {
  trouble: Trouble;
  /** Milliseconds that it lasted; undefined where it never came to be. */
  lasted?: number | undefined;
}

export interface KeepConnected {
  options: Pick<BrokerOptions, 'reconnect_delay' | 'reconnect_retries'>;
  /** Connects once; resolves when that has ended. */
  connect: () => Promise<Ending>;
  report: (connection: Connection) => void;
  signal: AbortSignal;
}

/** Milliseconds after which a connection counts as stable; shorter ones are tries that failed. */
export const STABLE_AFTER = 10_000;

/** The longest delay between two tries, in `reconnect_delay`s. */
const LONGEST = 12;

/** Connects again and again until aborted, or until the first connect has failed too often. */
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
      report({ state: 'failed', reason: `${trouble.reason} (gave up after ${failures} tries)` });
      return;
    }
    report(trouble);
    // What needs a person is tried rarely: a password can be mended at the broker too.
    const factor = trouble.state === 'failed' ? LONGEST : 2 ** (failures - 1);
    await pause(delay * 1000 * Math.min(factor, LONGEST), signal);
  }
}

/** Between half and all of the time, so that many clients of a restarted broker do not come back as one. */
async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  const jittered = milliseconds * (0.5 + Math.random() / 2);
  await setTimeout(jittered, undefined, { signal }).catch(() => undefined);
}
