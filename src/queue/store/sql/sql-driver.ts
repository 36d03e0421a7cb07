import {
  PostgresConnection,
  type PostgresQueueBackend,
  withBackend,
  type BackendFactory,
  type PgPool,
} from 'bullmq';
import { FEW_EVENTS, type Driver, type DriverContext, type Process } from '../driver.ts';
import type { WorkerJobs } from '../embedded/running-jobs.ts';
import type { JobData } from '../../job/job-data.ts';
import { exportRows } from './transfer/export-rows.ts';
import { importRows } from './transfer/import-rows.ts';
import { StoreBackend, sessionName } from './store-backend.ts';
import { sqlAccess } from './sql-access.ts';
import { classifySqlError } from './sql-errors.ts';
import { openQueueUpkeep } from './queue-upkeep.ts';

/** Milliseconds: a notification that comes while events are read is lost, so they are read again this often. */
const LOOK_INTERVAL = 1000;

/** BullMQ on a pool that the driver prepares and closes. */
class PreparedConnection extends PostgresConnection {
  override readonly schema: string;

  constructor(pool: PgPool, schema: string) {
    super(pool);
    this.schema = schema;
  }

  /** Skips BullMQ's check of the schema: it never recovers if the check fails. */
  override waitUntilReady(): Promise<void> {
    return Promise.resolve();
  }
}

/** Of a store that one process has: which jobs it runs itself. */
export interface JobOwner {
  openWorker(queue: string): Promise<WorkerJobs>;
  /** Renews the claims on what this process runs of a queue. */
  renew(queue: string): Promise<void>;
}

/**
 * The part of a driver that PostgreSQL and the embedded database share. `pool.query` and `pool.connect` must wait while
 * the store is unavailable; each client from `connect` is a session for LISTEN.
 */
export function sqlDriver(
  pool: PgPool,
  schema: string,
  { owner, bull }: { owner?: JobOwner } & Pick<DriverContext, 'bull'>,
): Pick<Driver, 'queue' | 'worker' | 'events' | 'access' | 'transfer' | 'classifyError'> {
  const openBackend: BackendFactory<PostgresQueueBackend, PgPool> = (
    name,
    options,
    { blocking, withBlockingConnection } = {},
  ) => {
    // BullMQ finds workers and listeners by these names in pg_stat_activity.
    const { name: workerName } = options as { name?: string };
    const worker = withBlockingConnection ? sessionName(schema, name, workerName) : undefined;
    const listener = worker ?? (blocking ? `${name}:qe` : undefined);
    const backend = new StoreBackend(new PreparedConnection(pool, schema), name, options, true, listener);
    backend.beforeStalledCheck = owner && (() => owner.renew(name));
    return backend;
  };
  const { Queue, Worker, QueueEvents } = withBackend(openBackend);
  const newQueue = (name: string) =>
    new Queue<JobData, unknown>(name, { connection: pool, streams: FEW_EVENTS, ...bull });
  return {
    queue: newQueue,
    worker(name, process, { keep, ...settings }) {
      const jobs = owner?.openWorker(name);
      const run: Process = async (job, token) => {
        const own = await jobs;
        return own ? own.hold(job.id ?? '', () => process(job, token)) : process(job, token);
      };
      const worker = new Worker<JobData, unknown>(name, run, { ...settings, connection: pool, ...bull });
      worker.on('closed', () => void jobs?.then((own) => own.close()));
      openQueueUpkeep({ pool, queue: name, worker, keep });
      return worker;
    },
    events(name, restAfter) {
      const events = new QueueEvents(name, { connection: pool, blockingTimeout: LOOK_INTERVAL });
      (events.backend as StoreBackend).restAfter = restAfter;
      return events;
    },
    access: (queue) => sqlAccess(pool, queue.name),
    transfer: {
      export: () => exportRows(pool),
      import: (lines) => importRows(pool, lines, { running: 'wait' }),
    },
    classifyError: classifySqlError,
  };
}
