import type { Connection } from '../base/model.ts';
import type { QueueCounts } from '../queue/inspect/count-jobs.ts';
import type { Inspector } from '../queue/inspect/inspector.ts';
import type { BrokerCounts, BrokerStatistics } from '../stats/broker-counts.ts';

/** What a connection has done, in the names of flowerpower-mqtt's `get_statistics()`. */
export interface ConnectionStatistics extends BrokerStatistics {
  connected: boolean;
  broker: string;
  running: boolean;
  /** Messages that nobody here subscribes to, where there were any. */
  unwanted_count?: number;
}

/** A queue, in the names of flowerpower-mqtt's `get_statistics()`. */
export interface QueueStatistics {
  job_queue_enabled: boolean;
  /** Missing while nobody uses the queue. */
  job_queue_stats?: QueueCounts;
}

/** A broker connection as statistics see it. */
export interface CountedConnection {
  /** Where it goes, for people. */
  address: string;
  connection: Connection;
  counts: BrokerCounts;
  /** Undefined while nobody has opened it. */
  broker: { counts: { unwanted: number } } | undefined;
}

export function connectionStatistics(counted: CountedConnection): ConnectionStatistics {
  const { address, connection, counts, broker } = counted;
  const { unwanted = 0 } = broker?.counts ?? {};
  return {
    connected: connection.state === 'connected',
    broker: address,
    running: broker !== undefined,
    ...counts.snapshot(),
    ...(unwanted > 0 && { unwanted_count: unwanted }),
  };
}

/** Waits for the counts while the store is away. */
export async function queueStatistics(
  isEnabled: boolean,
  inspector: Pick<Inspector, 'counts'> | undefined,
): Promise<QueueStatistics> {
  if (!inspector) return { job_queue_enabled: isEnabled };
  return { job_queue_enabled: isEnabled, job_queue_stats: await inspector.counts() };
}
