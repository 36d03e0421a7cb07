import { setTimeout as setTimeoutAsync } from 'node:timers/promises';
import { InterruptedError } from '../base/errors.ts';
import { throwMistakes } from '../base/mistakes.ts';
import type { Message, Qos, SubscriptionState } from '../base/model.ts';
import type { NetworkConnection, SubscribeRequest } from './network-connection.ts';
import { largestPacket } from './packet-size.ts';
import { RequestedFilters, type FilterMemory } from './requested-filters.ts';
import { SubscriberInbox, type InboxLimits, type Subscriber } from './subscriber-inbox.ts';
import { filterMistake, overlaps } from './topic.ts';

/** A subscription, as its subscriber sees it. */
export interface Subscription {
  readonly state: SubscriptionState;
  /** Number of QoS 0 messages dropped because the buffer was full. */
  readonly dropped: number;
  /** Number of messages that wait for the subscriber's restart, or in the QoS 0 buffer. */
  readonly waiting: number;
  /** Stops receiving. `isRemoved`: the subscriber will not restart; else messages wait for its restart. */
  close(isRemoved: boolean): void;
}

/** A subscriber that cannot take messages. */
export interface Reservation extends Pick<Subscriber, 'id' | 'qos'> {
  /** Undefined if the filter is invalid. */
  filter: string | undefined;
}

/** Milliseconds between two checks of a message that waits for an undecided subscriber. */
const RECHECK = 1000;

interface SubscriptionsOptions {
  limits: InboxLimits;
  /** Milliseconds for a subscriber to restart. */
  grace: number;
  /** MQTT 3.1.1: the broker may send one copy for all overlapping filters, with any of their QoS. */
  sendsOneCopy: boolean;
  memory?: FilterMemory | undefined;
  /** Called for a message that no filter here ever matched, once per network connection. */
  onUnwanted(topic: string): void;
}

/** The subscriptions of one broker connection. */
export class Subscriptions {
  readonly #options: SubscriptionsOptions;
  readonly #inboxes = new Map<string, SubscriberInbox>();
  /** Subscribers that are restarting. */
  readonly #away = new Map<SubscriberInbox, NodeJS.Timeout>();
  readonly #filters: RequestedFilters;
  /** By ID: subscribers whose filter is unknown. The timer runs while one restarts. */
  readonly #undecided = new Map<string, NodeJS.Timeout | undefined>();
  #unwanted = 0;
  #hasReportedUnwanted = false;

  constructor(options: SubscriptionsOptions) {
    this.#options = options;
    this.#filters = new RequestedFilters({
      wanted: () => this.#wanted(),
      onState: (filter, state) => {
        for (const inbox of this.#inboxes.values()) if (inbox.filter === filter) inbox.report(state);
      },
      mayUnsubscribe: () => this.#undecided.size === 0,
      memory: options.memory,
    });
  }

  /** Number of messages without a subscriber: a session also has messages of unsubscribed and of foreign filters. */
  get unwanted(): number {
    return this.#unwanted;
  }

  /** Maximum bytes of a packet; undefined while no subscriber has a `largestPayload`. */
  get largestPacket(): number | undefined {
    const payloads = this.#all().map((inbox) => inbox.largestPayload ?? 0);
    const largest = Math.max(0, ...payloads);
    return largest > 0 ? largestPacket(largest) : undefined;
  }

  /** @throws OptionsError if the filter or the QoS is invalid */
  subscribe(subscriber: Subscriber): Subscription {
    check(subscriber);
    const inbox = this.#inboxes.get(subscriber.id) ?? new SubscriberInbox(this.#options.limits);
    const isSameFilter = inbox.filter === subscriber.filter;
    this.#inboxes.set(subscriber.id, inbox);
    this.#isBack(inbox);
    this.#decided(subscriber.id);
    inbox.attach(subscriber);
    if (isSameFilter) this.#filters.changed();
    else this.#filters.renew(subscriber.filter);
    // The broker does not repeat its answer.
    if (inbox.state.state !== 'pending') subscriber.onState?.(inbox.state);
    return {
      get state() {
        return inbox.state;
      },
      get dropped() {
        return inbox.dropped;
      },
      get waiting() {
        return inbox.waiting;
      },
      close: (isRemoved) => this.#leave(inbox, subscriber, isRemoved),
    };
  }

  /**
   * Keeps the messages of a subscriber that cannot take them until it restarts. Without a `filter`, keeps every message
   * that no other subscriber wants, and unsubscribes no filter.
   *
   * @returns a function that ends the reservation, like `close` of a subscription
   */
  reserve({ id, filter, qos }: Reservation): (isRemoved: boolean) => void {
    const wanted = filter ?? this.#inboxes.get(id)?.filter;
    if (wanted === undefined) return this.#holdUnwanted(id);
    const subscriber: Subscriber = { id, filter: wanted, qos, receive: wait };
    const subscription = this.subscribe(subscriber);
    this.#inboxes.get(id)?.detach();
    return (isRemoved) => subscription.close(isRemoved);
  }

  /** Resolves when every subscriber that wants the message has settled it. */
  async deliver(message: Message, identifiers?: number[]): Promise<void> {
    const inboxes = await this.#inboxesFor(message.topic, identifiers);
    if (inboxes.length === 0) this.#countUnwanted(message.topic);
    await Promise.all(inboxes.map((inbox) => inbox.deliver(message)));
  }

  /** Notifies the subscribers that may have received the message of the end of its QoS 2 exchange. */
  async released({ topic, exchange = '' }: Message): Promise<void> {
    const inboxes = this.#all().filter((inbox) => inbox.qos === 2 && inbox.wants(topic));
    await Promise.all(inboxes.map((inbox) => inbox.released(exchange)));
  }

  session(isPresent: boolean): void {
    this.#filters.session(isPresent);
  }

  connected(network: NetworkConnection): void {
    this.#filters.connected(network);
  }

  disconnected(): void {
    this.#filters.disconnected();
    this.#hasReportedUnwanted = false;
  }

  close(): void {
    for (const inbox of this.#all()) {
      this.#isBack(inbox);
      inbox.close();
    }
    this.#inboxes.clear();
    for (const id of this.#undecided.keys()) this.#decided(id);
  }

  #decided(id: string): void {
    clearTimeout(this.#undecided.get(id));
    this.#undecided.delete(id);
  }

  #holdUnwanted(id: string): (isRemoved: boolean) => void {
    this.#decided(id);
    this.#undecided.set(id, undefined);
    const decide = () => {
      this.#decided(id);
      this.#filters.changed();
    };
    return (isRemoved) => {
      if (isRemoved) decide();
      else this.#undecided.set(id, setTimeout(decide, this.#options.grace));
    };
  }

  /** Returns the inboxes for a message. A message that no subscriber wants waits while one is undecided. */
  async #inboxesFor(topic: string, identifiers?: number[]): Promise<SubscriberInbox[]> {
    for (;;) {
      const inboxes = this.#all().filter((inbox) => inbox.wants(topic, identifiers));
      if (inboxes.length > 0 || this.#undecided.size === 0) return inboxes;
      await setTimeoutAsync(RECHECK, undefined, { ref: false });
    }
  }

  #countUnwanted(topic: string): void {
    this.#unwanted += 1;
    if (this.#hasReportedUnwanted || this.#filters.knows(topic)) return;
    this.#hasReportedUnwanted = true;
    this.#options.onUnwanted(topic);
  }

  #all(): SubscriberInbox[] {
    return [...this.#inboxes.values()];
  }

  #leave(inbox: SubscriberInbox, subscriber: Subscriber, isRemoved: boolean): void {
    // A new subscriber may own the inbox already; a reserved inbox has no owner.
    if (inbox.owner !== undefined && inbox.owner !== subscriber) return;
    inbox.detach();
    const remove = () => this.#remove(inbox, subscriber.id);
    if (isRemoved) remove();
    else this.#away.set(inbox, setTimeout(remove, this.#options.grace));
  }

  #isBack(inbox: SubscriberInbox): void {
    clearTimeout(this.#away.get(inbox));
    this.#away.delete(inbox);
  }

  #remove(inbox: SubscriberInbox, id: string): void {
    this.#isBack(inbox);
    this.#inboxes.delete(id);
    inbox.close();
    this.#filters.changed();
  }

  #wanted(): Map<string, SubscribeRequest> {
    const wanted = new Map<string, SubscribeRequest>();
    for (const { filter, identifier } of this.#all()) {
      if (!wanted.has(filter)) wanted.set(filter, { filter, identifier, qos: this.#highestQos(filter) });
    }
    return wanted;
  }

  #highestQos(filter: string): Qos {
    let highest: Qos = 0;
    for (const inbox of this.#inboxes.values()) {
      if (inbox.qos > highest && this.#shareMessages(inbox.filter, filter)) highest = inbox.qos;
    }
    return highest;
  }

  #shareMessages(one: string, other: string): boolean {
    return this.#options.sendsOneCopy ? overlaps(one, other) : one === other;
  }
}

function wait(): Promise<void> {
  return Promise.reject(new InterruptedError('the subscriber cannot take messages'));
}

function check({ filter, qos }: Subscriber): void {
  const mistake = filterMistake(filter);
  throwMistakes([
    mistake === undefined || `topic: the filter "${filter}" ${mistake}`,
    [0, 1, 2].includes(qos) || `qos must be 0, 1 or 2, found ${String(qos)}`,
  ]);
}
