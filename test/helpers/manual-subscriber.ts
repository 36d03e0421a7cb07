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
  /** What was received and the test has not taken; each is unsettled until the test settles it. */
  deliveries: Delivery[];
  states: SubscriptionState[];
  released(exchange: string): Promise<void>;
  exchanges: string[];
  /** Takes the next delivery off, once it is there. */
  next(): Promise<Delivery>;
}

/** A subscriber whose deliveries settle when the test says so. */
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

/** The broker has answered to all of these subscriptions. */
export function areAnswered(...subscribers: ManualSubscriber[]): () => boolean {
  return () => subscribers.every(({ states }) => states.length > 0);
}
