import type { Message, Subscriber, SubscriptionState } from '../../src/index.ts';
import { until } from './until.ts';
import { unique } from './unique.ts';

export interface Delivery {
  message: Message;
  text: string;
  fulfil: () => void;
  reject: (error: Error) => void;
}

export interface ManualSubscriber extends Subscriber {
  /** Received deliveries that the test has not taken; unsettled until the test settles them. */
  deliveries: Delivery[];
  states: SubscriptionState[];
  released(exchange: string): Promise<void>;
  exchanges: string[];
  /** Waits for the next delivery, and takes it. */
  next(): Promise<Delivery>;
}

/** A subscriber whose deliveries are settled by the test. */
export function manualSubscriber(wanted: Partial<Subscriber> = {}): ManualSubscriber {
  const deliveries: Delivery[] = [];
  const states: SubscriptionState[] = [];
  const exchanges: string[] = [];
  return {
    id: unique('subscriber'),
    filter: 'a',
    qos: 2,
    deliveries,
    states,
    exchanges,
    next: async () => {
      await until('a delivery', () => deliveries.length > 0);
      return deliveries.shift() as Delivery;
    },
    receive: (message) =>
      new Promise<void>((fulfil, reject) => {
        deliveries.push({ message, text: message.payload.toString(), fulfil, reject });
      }),
    released: async (exchange) => void exchanges.push(exchange),
    onState: (state) => states.push(state),
    ...wanted,
  };
}

/** Tells whether the broker has answered all of these subscriptions. */
export function areAnswered(...subscribers: ManualSubscriber[]): () => boolean {
  return () => subscribers.every(({ states }) => states.length > 0);
}
