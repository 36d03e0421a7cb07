import type { BrokerCounts, TopicCounts } from '../../stats/broker-counts.ts';
import type { Labels, Metric } from '../../stats/metrics-text.ts';
import type { CountedConnection } from '../statistics.ts';

/** A broker connection at one moment. */
export interface BrokerReading {
  labels: Labels;
  isConnected: boolean;
  topics: TopicCounts[];
  /** Undefined while no node uses the connection. */
  packets: { acknowledged: number; unsettled: number; unwanted: number } | undefined;
}

/** Topics with values of their own; Prometheus keeps each forever. */
const MOST_TOPICS = 200;

interface Connected extends Pick<CountedConnection, 'connection'> {
  labels: Labels;
  counts: BrokerCounts;
  broker: { counts: NonNullable<BrokerReading['packets']> } | undefined;
}

export function readBroker({ labels, connection, counts, broker }: Connected): BrokerReading {
  const isConnected = connection.state === 'connected';
  return { labels, isConnected, topics: counts.topics(MOST_TOPICS), packets: broker?.counts };
}

const ofTopics =
  (count: (topic: TopicCounts) => number) =>
  ({ topics }: BrokerReading) =>
    topics.map((counts) => [{ topic: counts.topic }, count(counts)] as const);

export const brokerMetrics: Metric<BrokerReading>[] = [
  {
    name: 'fp_mqtt_connected',
    type: 'gauge',
    help: 'Whether the broker is connected.',
    read: ({ isConnected }) => Number(isConnected),
  },
  {
    name: 'fp_mqtt_messages_received_total',
    type: 'counter',
    help: 'Messages that the subscriptions of a topic received.',
    read: ofTopics(({ messages }) => messages),
  },
  {
    name: 'fp_mqtt_messages_processed_total',
    type: 'counter',
    help: 'Messages that were stored as jobs or whose flow has finished.',
    read: ofTopics(({ runs }) => runs),
  },
  {
    name: 'fp_mqtt_messages_failed_total',
    type: 'counter',
    help: 'Messages that caused an error before they were stored, or whose flow failed.',
    read: ofTopics(({ errors }) => errors),
  },
  {
    name: 'fp_mqtt_messages_dropped_total',
    type: 'counter',
    help: 'QoS 0 messages that were dropped because the buffer was full.',
    read: ofTopics(({ dropped }) => dropped),
  },
  {
    name: 'fp_mqtt_messages_acknowledged_total',
    type: 'counter',
    help: 'Acknowledgements (PUBACK, PUBREC) sent for QoS 1 and 2.',
    read: ({ packets }) => packets?.acknowledged,
  },
  {
    name: 'fp_mqtt_messages_unwanted_total',
    type: 'counter',
    help: 'Messages that no node here subscribes to.',
    read: ({ packets }) => packets?.unwanted,
  },
  {
    name: 'fp_mqtt_messages_unsettled',
    type: 'gauge',
    help: 'Messages at QoS 1 and 2 that are not yet acknowledged.',
    read: ({ packets }) => packets?.unsettled,
  },
];
