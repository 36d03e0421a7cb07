import { Queue, QueueEvents, Worker } from 'bullmq';
import { Cluster, Redis, type RedisOptions as IoredisOptions } from 'ioredis';
import type { Connection } from '../../../model.ts';
import { addressWith } from '../address-with.ts';
import { FEW_EVENTS, type Driver, type DriverContext, type ErrorKind } from '../driver.ts';
import { growingDelay } from '../growing-delay.ts';
import { isNetworkError } from '../is-network-error.ts';
import type { JobData } from '../../job/job-data.ts';
import type { RedisOptions } from '../store-options.ts';
import { redisAccess, type RedisClient } from './redis-access.ts';
import { readServerInfo } from './redis-info.ts';
import { connectedWorkers } from '../worker-name.ts';
import { errorText } from '../error-text.ts';

/** Answers of a Redis that cannot serve now, whatever it is asked. */
const AWAY =
  /^(LOADING|READONLY|MASTERDOWN|CLUSTERDOWN|TRYAGAIN|NOREPLICAS|OOM|MISCONF|BUSY|NOAUTH|WRONGPASS|NOPERM)\b|^Connection is closed|^Command aborted|^None of startup nodes|^Failed to refresh slots/;

const NO_DATABASE = /^ERR (invalid )?DB index/;

/** What only a person can mend: user, password, rights, certificates, database. */
const NEEDS_PERSON =
  /^(WRONGPASS|NOAUTH|NOPERM|ERR (invalid password|Client sent AUTH|(invalid )?DB index))\b|certificate|altnames/i;

/** Opens Redis or Valkey: one connection for all queues, and one more for each worker. */
export function openRedis(options: RedisOptions, { report, warn }: DriverContext): Driver {
  const client = connectRedis(options, { retryStrategy: growingDelay });
  const shared = { connection: client, prefix: keyPrefix(options), skipVersionCheck: false };
  watch(client, report);
  return {
    timing: { lockDuration: 20_000, stalledInterval: 10_000 },
    async ready() {
      await whenReady(client);
      const { isPlain } = await readServerInfo(client, warn);
      // BullMQ prints its findings about the server to the console; they were told through `warn`.
      shared.skipVersionCheck = !isPlain;
    },
    queue: (name) => new Queue(name, { ...shared, streams: FEW_EVENTS }),
    worker(name, process, { keep, ...settings }) {
      const removal = {
        removeOnComplete: { count: keep.completed },
        removeOnFail: { count: keep.failed },
      };
      const worker = new Worker<JobData, unknown>(name, process, { ...shared, ...settings, ...removal });
      worker.on('closed', () => void endBlocking(worker));
      return worker;
    },
    events: (name) => new QueueEvents(name, shared),
    access: (queue) => redisAccess(client, queue, `${shared.prefix}:${queue.name}:`),
    workers: connectedWorkers,
    classifyError: classifyRedisError,
    async close() {
      client.disconnect();
    },
  };
}

/** Makes a client; `settings` go before the user's own. */
export function connectRedis(options: RedisOptions, settings: IoredisOptions): RedisClient {
  const { cluster, ...passedOn } = options.redis_options;
  const redisOptions: IoredisOptions = {
    keepAlive: 10_000,
    ...passedOn,
    maxRetriesPerRequest: null,
    sentinelRetryStrategy: growingDelay,
    // After a failover the old master is a replica: look for the new one, and send the command again.
    reconnectOnError: (error) => (error.message.startsWith('READONLY') ? 2 : false),
    ...settings,
  };
  if (cluster || passedOn.sentinels) {
    const { username, password } = options;
    const known = { ...redisOptions, ...(username && { username }), ...(password && { password }) };
    if (!cluster) return new Redis(known);
    const { lazyConnect = false, retryStrategy = null } = redisOptions;
    return new Cluster(cluster, { redisOptions: known, lazyConnect, clusterRetryStrategy: retryStrategy });
  }
  return new Redis(addressWith(options.redis_url, options), redisOptions);
}

/** The keys of one queue must lie on one node of a Cluster, which is what braces say. */
function keyPrefix({ prefix, redis_options }: RedisOptions): string {
  return redis_options.cluster && !prefix.includes('{') ? `{${prefix}}` : prefix;
}

/** Reports how a connection is. */
export function watch(client: RedisClient, report: (connection: Connection) => void): void {
  let trouble: unknown;
  const remember = (error: Error) => {
    trouble = error;
    // ioredis would go on with database 0.
    if (NO_DATABASE.test(error.message)) client.disconnect(true);
  };
  client.on('error', remember);
  client.on('node error', remember);
  client.on('ready', () => {
    trouble = undefined;
    report({ state: 'connected' });
  });
  client.on('close', () => {
    const reason = trouble === undefined ? 'the connection was closed' : errorText(trouble);
    report({ state: NEEDS_PERSON.test(reason) ? 'failed' : 'waiting', reason });
  });
}

/** A worker that was closed while Redis was away may connect its own client once more, and then for ever. */
async function endBlocking(worker: Worker<JobData, unknown>): Promise<void> {
  const client = await worker.getBackend().blockingClient?.catch(() => undefined);
  if (!client) return;
  client.options.retryStrategy = null;
  client.on('error', () => undefined);
  client.on('ready', () => client.disconnect());
  client.disconnect();
}

/** Resolves as soon as Redis answers. */
export function whenReady(client: RedisClient): Promise<void> {
  return new Promise((resolve) => {
    if (client.status === 'ready') resolve();
    else client.once('ready', () => resolve());
  });
}

export function classifyRedisError(error: unknown): ErrorKind {
  if (!(error instanceof Error)) return 'unknown';
  return isNetworkError(error) || AWAY.test(error.message) ? 'away' : 'unknown';
}
