import {
  SubscriptionCounts,
  type SubscriptionDescription,
  type SubscriptionStatistics,
} from './subscription-counts.ts';

/** Statistics of a broker connection, with the names of flowerpower-mqtt's `get_statistics()`. */
export interface BrokerStatistics {
  /** ISO 8601. */
  start_time: string;
  runtime_seconds: number;
  message_count: number;
  /** Messages that ran to completion (`sync`) or were stored as jobs (`async`). */
  pipeline_count: number;
  error_count: number;
  /** QoS 0 messages dropped because the buffer was full. */
  dropped_count: number;
  subscriptions_count: number;
  subscriptions: SubscriptionStatistics[];
}

/** Counts of the open subscriptions with the same topic. */
export interface TopicCounts {
  topic: string;
  messages: number;
  runs: number;
  errors: number;
  dropped: number;
}

/** Counts the messages of one subscription. */
export interface SubscriptionCounter {
  /** Messages received. */
  readonly messages: number;
  /** Messages that failed. */
  readonly errors: number;
  /** Messages dropped because the buffer was full. */
  readonly dropped: number;
  arrived(): void;
  ran(): void;
  failed(): void;
  /** Sets the function that returns the number of dropped messages. */
  countDrops(read: () => number): void;
  close(): void;
}

/** Counts the messages of a broker connection. The totals include closed subscriptions. */
export class BrokerCounts {
  readonly #started = new Date();
  readonly #subscriptions = new Set<SubscriptionCounts>();
  #messages = 0;
  #runs = 0;
  #errors = 0;
  /** Messages dropped by closed subscriptions. */
  #dropped = 0;

  open(description: SubscriptionDescription): SubscriptionCounter {
    const counts = new SubscriptionCounts(description);
    this.#subscriptions.add(counts);
    return {
      get messages() {
        return counts.messages;
      },
      get errors() {
        return counts.errors;
      },
      get dropped() {
        return counts.dropped();
      },
      arrived: () => {
        this.#messages += 1;
        counts.arrived(new Date());
      },
      ran: () => {
        this.#runs += 1;
        counts.runs += 1;
      },
      failed: () => {
        this.#errors += 1;
        counts.failed();
      },
      countDrops: (read) => {
        counts.dropped = read;
      },
      close: () => {
        this.#dropped += counts.dropped();
        this.#subscriptions.delete(counts);
      },
    };
  }

  /** The first `most` topics of the open subscriptions; the others are added up as the topic `other`. */
  topics(most: number): TopicCounts[] {
    const found = new Map<string, TopicCounts>();
    for (const counts of this.#subscriptions) {
      const own = counts.description.topic;
      const topic = found.has(own) || found.size < most ? own : 'other';
      const sums = found.get(topic) ?? { topic, messages: 0, runs: 0, errors: 0, dropped: 0 };
      sums.messages += counts.messages;
      sums.runs += counts.runs;
      sums.errors += counts.errors;
      sums.dropped += counts.dropped();
      found.set(topic, sums);
    }
    return [...found.values()];
  }

  snapshot(now = new Date()): BrokerStatistics {
    const open = [...this.#subscriptions];
    return {
      start_time: this.#started.toISOString(),
      runtime_seconds: (now.getTime() - this.#started.getTime()) / 1000,
      message_count: this.#messages,
      pipeline_count: this.#runs,
      error_count: this.#errors,
      dropped_count: open.reduce((sum, counts) => sum + counts.dropped(), this.#dropped),
      subscriptions_count: open.length,
      subscriptions: open.map((counts) => counts.snapshot()),
    };
  }
}
