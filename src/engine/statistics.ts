import type { Connection } from '../base/model.ts';
import type { QueueCounts } from '../queue/inspect/count-jobs.ts';
import type { Inspector } from '../queue/inspect/inspector.ts';
import type { BrokerCounts, BrokerStatistics } from '../stats/broker-counts.ts';

/** Statistics of a connection, with the names of flowerpower-mqtt's `get_statistics()`. */
export interface ConnectionStatistics extends BrokerStatistics {
  connected: boolean;
  broker: string;
  running: boolean;
  /** Number of messages without a subscriber here; missing if there were none. */
  unwanted_count?: number;
}

/** Statistics of a queue, with the names of flowerpower-mqtt's `get_statistics()`. */
export interface QueueStatistics {
  job_queue_enabled: boolean;
  /** Missing while nobody uses the queue. */
  job_queue_stats?: QueueCounts;
}

/** The data of a broker connection that statistics need. */
export interface CountedConnection {
  /** Address of the broker, for users. */
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

/** Waits while the store is unavailable. */
export async function queueStatistics(
  isEnabled: boolean,
  inspector: Pick<Inspector, 'counts'> | undefined,
): Promise<QueueStatistics> {
  if (!inspector) return { job_queue_enabled: isEnabled };
  return { job_queue_enabled: isEnabled, job_queue_stats: await inspector.counts() };
}
