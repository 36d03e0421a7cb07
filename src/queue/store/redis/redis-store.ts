import { Queue, QueueEvents, Worker, type QueueEventsOptions } from 'bullmq';
import { Cluster, Redis, type RedisOptions as IoredisOptions } from 'ioredis';
import type { Connection } from '../../../base/model.ts';
import {
  FEW_EVENTS,
  type Driver,
  type DriverContext,
  type ErrorKind,
  type RestAfter,
  type StoreQueue,
} from '../driver.ts';
import { growingDelay, waitToRetry } from '../../../base/growing-delay.ts';
import type { JobData } from '../../job/job-data.ts';
import { restedReads } from '../rested-reads.ts';
import { type RedisOptions, addressWith } from '../store-options.ts';
import { STEP } from '../queue-access.ts';
import { redisAccess, type RedisClient } from './redis-access.ts';
import { readServerInfo, undefinedIfDenied } from './redis-info.ts';
import { connectedWorkers } from '../worker-name.ts';
import { errorText, isNetworkError } from '../error-text.ts';

/** Errors of a server that is currently unavailable. */
const AWAY =
  /^(LOADING|READONLY|MASTERDOWN|CLUSTERDOWN|TRYAGAIN|NOREPLICAS|OOM|MISCONF|BUSY|NOAUTH|WRONGPASS|NOPERM)\b|^Connection is closed|^Command aborted|^None of startup nodes|^Failed to refresh slots/;

/** Errors of a server that answers but refuses: the state of the connection does not report them. */
const REFUSES = /^(NOPERM|OOM|MISCONF)\b/;

const NO_DATABASE = /^ERR (invalid )?DB index/;

/** Errors that a person must fix: user, password, permissions, certificates, database. */
const NEEDS_PERSON =
  /^(WRONGPASS|NOAUTH|NOPERM|ERR (invalid password|Client sent AUTH|(invalid )?DB index))\b|certificate|altnames/i;

/** Opens Redis or Valkey: one connection for all queues, and one more for each worker. */
export function openRedis(options: RedisOptions, { report, warn, closing, bull }: DriverContext): Driver {
  const client = connectRedis(options, { retryStrategy: growingDelay });
  const shared = { connection: client, prefix: keyPrefix(options), skipVersionCheck: false, ...bull };
  let prepared: Promise<void> | undefined;
  watch(client, report);

  const keysOf = (queue: StoreQueue) => `${shared.prefix}:${queue.name}:`;
  const access = (queue: StoreQueue) => redisAccess(client, queue, keysOf(queue));

  const prepare = async () => {
    for (let attempt = 1; ; attempt++) {
      await whenReady(client);
      try {
        const { isPlain } = await readServerInfo(client, warn);
        // BullMQ would print the same warnings about the server to the console.
        shared.skipVersionCheck = !isPlain;
        return report({ state: 'connected' });
      } catch (error) {
        report(troubleOf(error));
        await waitToRetry(attempt, closing);
      }
    }
  };
  return {
    timing: { lockDuration: 20_000, stalledInterval: 10_000 },
    ready: () => (prepared ??= prepare()),
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
    events: (name, restAfter) => openEvents(name, shared, restAfter),
    access,
    async trim(queue, keep) {
      const isTooMany = async (list: keyof typeof keep) =>
        (await client.zcard(`${keysOf(queue)}${list}`)) > keep[list] + STEP;
      const jobs = access(queue);
      const until = Date.now();
      while ((await isTooMany('completed')) && (await jobs.removeStep('completed', until)) > 0);
      while ((await isTooMany('failed')) && (await jobs.removeStep('dead', until)) > 0);
    },
    workers: (queue) => connectedWorkers(queue).catch(undefinedIfDenied),
    classifyError: classifyRedisError,
    isRefusal: (error) => error instanceof Error && REFUSES.test(error.message),
    async close() {
      client.disconnect();
    },
  };
}

/** Hears the events of a queue. */
function openEvents(name: string, options: QueueEventsOptions, restAfter: RestAfter): QueueEvents {
  const events = new QueueEvents(name, { ...options, autorun: false });
  const { backend } = events;
  const read = backend.readEvents.bind(backend);
  backend.readEvents = restedReads(read, restAfter, () => events.closing !== undefined);
  events.run().catch((error: Error) => events.emit('error', error));
  return events;
}

/** Creates a client; `settings` override the user's options. */
export function connectRedis(options: RedisOptions, settings: IoredisOptions): RedisClient {
  const { cluster, ...passedOn } = options.redis_options;
  const redisOptions: IoredisOptions = {
    keepAlive: 10_000,
    ...passedOn,
    maxRetriesPerRequest: null,
    sentinelRetryStrategy: growingDelay,
    // After a failover the old master is a read-only replica: reconnect to the new one and send the command again.
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

/** Puts the prefix in braces on a Cluster: the keys of a queue must be on the same node. */
function keyPrefix({ prefix, redis_options }: RedisOptions): string {
  return redis_options.cluster && !prefix.includes('{') ? `{${prefix}}` : prefix;
}

/** Reports the state of a connection. */
export function watch(client: RedisClient, report: (connection: Connection) => void): void {
  let trouble: unknown;
  const remember = (error: Error) => {
    trouble = error;
    // ioredis would continue with database 0.
    if (NO_DATABASE.test(error.message)) client.disconnect(true);
  };
  client.on('error', remember);
  client.on('node error', remember);
  client.on('ready', () => {
    trouble = undefined;
    report({ state: 'connected' });
  });
  client.on('close', () => {
    report(troubleOf(trouble ?? new Error('the connection was closed')));
  });
}

function troubleOf(error: unknown): Connection {
  const reason = errorText(error);
  return { state: NEEDS_PERSON.test(reason) ? 'failed' : 'waiting', reason };
}

/** Ends a worker's blocking client: if the worker was closed while Redis was unavailable, it may reconnect forever. */
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
