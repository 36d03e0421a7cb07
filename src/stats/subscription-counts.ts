import type { Qos, SubscriptionMode } from '../base/model.ts';

/** A subscription, with the names of flowerpower-mqtt. */
export interface SubscriptionDescription {
  topic: string;
  pipeline: string;
  qos: Qos;
  execution_mode: SubscriptionMode;
}

/** A subscription and its counts. */
export interface SubscriptionStatistics extends SubscriptionDescription {
  message_count: number;
  /** ISO 8601, or null before the first message. */
  last_message_time: string | null;
  error_count: number;
}

/** Counts the messages of one subscription. */
export class SubscriptionCounts {
  readonly description: SubscriptionDescription;
  messages = 0;
  runs = 0;
  errors = 0;
  /** Returns the number of messages dropped because the buffer was full. */
  dropped: () => number = () => 0;
  #lastMessage: Date | undefined;

  constructor(description: SubscriptionDescription) {
    this.description = description;
  }

  arrived(time: Date): void {
    this.messages += 1;
    this.#lastMessage = time;
  }

  failed(): void {
    this.errors += 1;
  }

  snapshot(): SubscriptionStatistics {
    return {
      ...this.description,
      message_count: this.messages,
      last_message_time: this.#lastMessage?.toISOString() ?? null,
      error_count: this.errors,
    };
  }
}
