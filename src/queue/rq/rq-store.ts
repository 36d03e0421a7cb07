import type { Redis } from 'ioredis';
import type { Connection } from '../../base/model.ts';
import { reportChanges } from '../../base/report-changes.ts';
import { closingController } from '../../base/closing-controller.ts';
import type { ErrorKind } from '../store/driver.ts';
import { errorText } from '../store/error-text.ts';
import { growingDelay, waitToRetry } from '../../base/growing-delay.ts';
import { orInterrupted } from '../../base/or-interrupted.ts';
import { readServerInfo } from '../store/redis/redis-info.ts';
import { classifyRedisError, connectRedis, watch, whenReady } from '../store/redis/redis-store.ts';
import type { StoreListeners } from '../store/store.ts';
import { resolveRqOptions, type RqOptions } from './rq-options.ts';

/** A Redis in which RQ keeps its queues. */
export interface RqStore {
  readonly kind: 'rq';
  connection(): Connection;
  /** The connection, as soon as Redis answers; rejects with InterruptedError at `close`. */
  client(): Promise<Redis>;
  classifyError(error: unknown): ErrorKind;
  warn(text: string): void;
  close(): Promise<void>;
}

/**
 * Connects in the background and for as long as it takes.
 *
 * @throws OptionsError when an option is wrong
 */
export function openRqStore(
  options: RqOptions,
  listeners: Pick<StoreListeners, 'onConnection' | 'onWarning'> = {},
): RqStore {
  const closing = closingController();
  const { report, connection } = reportChanges((change) => listeners.onConnection?.(change));
  const warn = warnOnce((text) => listeners.onWarning?.(text));
  // Without a list of nodes it is no Cluster.
  const client = connectRedis(resolveRqOptions(options), { retryStrategy: growingDelay }) as Redis;
  watch(client, report);
  const prepared = prepare(client, warn, closing.signal);
  // Whoever needs the client hears of it.
  prepared.catch(() => undefined);
  return {
    kind: 'rq',
    connection,
    async client() {
      await orInterrupted(prepared, closing.signal);
      return client;
    },
    classifyError: classifyRedisError,
    warn,
    async close() {
      if (closing.signal.aborted) return;
      closing.abort();
      client.disconnect();
      report({ state: 'closed' });
    },
  };
}

/** Waits for the first answer and warns of settings that lose jobs; rejects at the close only. */
async function prepare(client: Redis, warn: (text: string) => void, closing: AbortSignal): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await orInterrupted(whenReady(client), closing);
      await orInterrupted(readServerInfo(client, warn), closing);
      return;
    } catch (error) {
      if (closing.aborted) throw error;
      if (classifyRedisError(error) !== 'away') warn(errorText(error));
      await waitToRetry(attempt, closing);
    }
  }
}

/** Says the same thing once. */
function warnOnce(warn: (text: string) => void): (text: string) => void {
  const said = new Set<string>();
  return (text) => {
    if (said.has(text)) return;
    if (said.size >= MOST_SAID) said.clear();
    said.add(text);
    warn(text);
  };
}

const MOST_SAID = 100;
