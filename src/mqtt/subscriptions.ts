import { setTimeout as setTimeoutAsync } from 'node:timers/promises';
import { InterruptedError } from '../errors.ts';
import { throwMistakes } from '../mistakes.ts';
import type { Message, Qos, SubscriptionState } from '../model.ts';
import type { NetworkConnection, SubscribeRequest } from './network-connection.ts';
import { largestPacket } from './packet-size.ts';
import { RequestedFilters, type FilterMemory } from './requested-filters.ts';
import { SubscriberInbox, type InboxLimits, type Subscriber } from './subscriber-inbox.ts';
import { filterMistake, overlaps } from './topic.ts';

/** A subscriber's own end of its subscription. */
export interface Subscription {
  readonly state: SubscriptionState;
  /** QoS 0 messages dropped because the buffer was full. */
  readonly dropped: number;
  /** Messages that wait: for a subscriber's return, or in the QoS 0 buffer. */
  readonly waiting: number;
  /** Takes no more messages. `isRemoved`: nobody with this id comes back; else messages wait for its return. */
  close(isRemoved: boolean): void;
}

/** What is known of a subscriber that cannot take messages. */
export interface Reservation extends Pick<Subscriber, 'id' | 'qos'> {
  /** Undefined where the filter itself is wrong. */
  filter: string | undefined;
}

/** Milliseconds after which a message that waits for an undecided subscriber is looked at again. */
const RECHECK = 1000;

export interface SubscriptionsOptions {
  limits: InboxLimits;
  /** Milliseconds in which a subscriber that restarts must come back. */
  grace: number;
  /** The broker sends a message once for all overlapping filters, perhaps at the lowest of their QoS (3.1.1). */
  sendsOneCopy: boolean;
  memory?: FilterMemory | undefined;
  /** A message came that no filter of ours explains; once for each network connection. */
  onUnwanted(topic: string): void;
}

/** Everybody who subscribes over one broker. */
export class Subscriptions {
  readonly #options: SubscriptionsOptions;
  readonly #inboxes = new Map<string, SubscriberInbox>();
  /** Subscribers that are restarting. */
  readonly #away = new Map<SubscriberInbox, NodeJS.Timeout>();
  readonly #filters: RequestedFilters;
  /** By id, the subscribers that cannot say what they want; one that restarts must come back before its timer ends. */
  readonly #undecided = new Map<string, NodeJS.Timeout | undefined>();
  #unwanted = 0;
  #hasToldUnwanted = false;

  constructor(options: SubscriptionsOptions) {
    this.#options = options;
    this.#filters = new RequestedFilters({
      wanted: () => this.#wanted(),
      tell: (filter, state) => {
        for (const inbox of this.#inboxes.values()) if (inbox.filter === filter) inbox.tell(state);
      },
      mayLeave: () => this.#undecided.size === 0,
      memory: options.memory,
    });
  }

  /** Messages that nobody here subscribes to: a session keeps what came for a filter that was left, or is not ours. */
  get unwanted(): number {
    return this.#unwanted;
  }

  /** Bytes that a packet may have; undefined while no subscriber has said what it takes. */
  get largestPacket(): number | undefined {
    const payloads = this.#all().map((inbox) => inbox.largestPayload ?? 0);
    const largest = Math.max(0, ...payloads);
    return largest > 0 ? largestPacket(largest) : undefined;
  }

  /** Throws an OptionsError where filter or QoS are wrong. */
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
    // The broker answers no second time.
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
   * Keeps the messages of a subscriber that cannot take them: they wait for its return. Without a `filter` everything waits
   * that no other subscriber wants, and no filter is left.
   *
   * @returns what ends that, as `close` of a subscription does
   */
  reserve({ id, filter, qos }: Reservation): (isRemoved: boolean) => void {
    const wanted = filter ?? this.#inboxes.get(id)?.filter;
    if (wanted === undefined) return this.#holdUnwanted(id);
    const subscriber: Subscriber = { id, filter: wanted, qos, receive: wait };
    const subscription = this.subscribe(subscriber);
    this.#inboxes.get(id)?.detach();
    return (isRemoved) => subscription.close(isRemoved);
  }

  /** Resolves when everybody who wants the message has settled it. */
  async deliver(message: Message, identifiers?: number[]): Promise<void> {
    const inboxes = await this.#takers(message.topic, identifiers);
    if (inboxes.length === 0) this.#countUnwanted(message.topic);
    await Promise.all(inboxes.map((inbox) => inbox.deliver(message)));
  }

  /** Tells who may have got the message that its QoS 2 exchange is over. */
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
    this.#hasToldUnwanted = false;
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

  /** Who gets a message; while a subscriber is undecided, a message that nobody else wants waits here. */
  async #takers(topic: string, identifiers?: number[]): Promise<SubscriberInbox[]> {
    for (;;) {
      const inboxes = this.#all().filter((inbox) => inbox.wants(topic, identifiers));
      if (inboxes.length > 0 || this.#undecided.size === 0) return inboxes;
      await setTimeoutAsync(RECHECK, undefined, { ref: false });
    }
  }

  #countUnwanted(topic: string): void {
    this.#unwanted += 1;
    if (this.#hasToldUnwanted || this.#filters.knows(topic)) return;
    this.#hasToldUnwanted = true;
    this.#options.onUnwanted(topic);
  }

  #all(): SubscriberInbox[] {
    return [...this.#inboxes.values()];
  }

  #leave(inbox: SubscriberInbox, subscriber: Subscriber, isRemoved: boolean): void {
    // Another one may have taken the place already; a reserved place has no owner.
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
