import { createHash } from 'node:crypto';
import type { Message, Qos, SubscriptionState } from '../base/model.ts';
import { Inbox } from './inbox.ts';
import { LossyBuffer, type DropPolicy } from './lossy-buffer.ts';
import { matcher } from './topic.ts';

/** A receiver of messages. */
export interface Subscriber {
  /** Stays the same across restarts: the next subscriber with this ID gets the messages that waited. */
  id: string;
  /** Topic filter (MQTT 5.0 section 4.7), `$share/<name>/<filter>` included. */
  filter: string;
  qos: Qos;
  /** Maximum bytes of a payload that `receive` can use; undefined: unknown. */
  largestPayload?: number | undefined;
  /** Handles a message. Fulfilment and rejection acknowledge it, except that an InterruptedError repeats it. */
  receive(message: Message): Promise<void>;
  /**
   * The broker has closed a QoS 2 exchange and will not send its message again; PUBCOMP waits for this. May be called
   * more than once, and for unknown exchanges.
   */
  released?(exchange: string): Promise<void>;
  onState?(state: SubscriptionState): void;
  /** A QoS 0 message was dropped because the buffer was full. */
  onDrop?(): void;
}

export interface InboxLimits {
  /** Maximum number of unsettled QoS 0 messages. */
  running: number;
  /** Maximum number of waiting QoS 0 messages. */
  waiting: number;
  drop: DropPolicy;
}

const LARGEST_IDENTIFIER = 268_435_455;

/** The messages of one subscriber, across its restarts. */
export class SubscriberInbox {
  filter = '';
  /** MQTT 5.0 subscription identifier: a hash of the filter, so that it is the same after a crash. */
  identifier = 0;
  qos: Qos = 0;
  largestPayload: number | undefined;
  state: SubscriptionState = { state: 'pending' };
  #matches: (topic: string) => boolean = () => false;
  readonly #inbox = new Inbox<Subscriber>();
  readonly #buffer: LossyBuffer<Message>;

  constructor(limits: InboxLimits) {
    this.#buffer = new LossyBuffer({
      ...limits,
      sizeOf: ({ payload }) => payload.length,
      deliver: (message) => this.#hand(message),
      onDrop: () => this.owner?.onDrop?.(),
    });
  }

  get owner(): Subscriber | undefined {
    return this.#inbox.owner;
  }

  /** Number of QoS 0 messages dropped because the buffer was full. */
  get dropped(): number {
    return this.#buffer.dropped;
  }

  /** Number of messages that wait for the subscriber's restart, or in the QoS 0 buffer. */
  get waiting(): number {
    return this.#inbox.waiting + this.#buffer.waiting;
  }

  attach(subscriber: Subscriber): void {
    if (subscriber.filter !== this.filter) {
      this.filter = subscriber.filter;
      this.identifier = identifierOf(subscriber.filter);
      this.state = { state: 'pending' };
      this.#matches = matcher(subscriber.filter);
    }
    this.qos = subscriber.qos;
    this.largestPayload = subscriber.largestPayload ?? this.largestPayload;
    this.#inbox.attach(subscriber);
  }

  detach(): void {
    this.#inbox.detach();
  }

  /** Settles the waiting messages: the subscriber was removed. */
  close(): void {
    this.#inbox.close();
  }

  /** `identifiers`: the message's subscription identifiers, if the broker sent any. */
  wants(topic: string, identifiers?: number[]): boolean {
    return (identifiers?.includes(this.identifier) ?? true) && this.#matches(topic);
  }

  /** Resolves when the message may be acknowledged; immediately at QoS 0. */
  async deliver(message: Message): Promise<void> {
    const qos = Math.min(message.qos, this.qos) as Qos;
    const { topic, payload, retain } = message;
    if (qos === 0) this.#buffer.push({ topic, payload, retain, qos, dup: false });
    else await this.#hand(qos === message.qos ? message : { ...message, qos, exchange: undefined });
  }

  /** Resolves when the subscriber has handled the end of a QoS 2 exchange. */
  released(exchange: string): Promise<void> {
    return this.#inbox.deliver(async (subscriber) => subscriber.released?.(exchange));
  }

  report(state: SubscriptionState): void {
    this.state = state;
    this.owner?.onState?.(state);
  }

  #hand(message: Message): Promise<void> {
    return this.#inbox.deliver(async (subscriber, isAgain) => {
      // The subscriber may have restarted with another filter.
      if (!this.#matches(message.topic)) return;
      await subscriber.receive(isAgain ? { ...message, dup: message.qos > 0, isRepeat: true } : message);
    });
  }
}

function identifierOf(filter: string): number {
  return (createHash('sha256').update(filter).digest().readUInt32BE() % LARGEST_IDENTIFIER) + 1;
}
