import { isDeepStrictEqual } from 'node:util';
import type { Qos, SubscriptionState } from '../base/model.ts';
import type { NetworkConnection, SubscribeRequest } from './network-connection.ts';
import { filterMistake, matcher } from './topic.ts';

/** The state of a filter at the broker, as far as known. */
interface Requested {
  /** The requested QoS; undefined if the filter must be requested again. */
  qos: Qos | undefined;
  isGranted: boolean;
  isLeaving: boolean;
}

/** Stores the session's filters, so that a later process knows which ones the broker may still have. */
export interface FilterMemory {
  read(): string[];
  write(filters: string[]): void;
}

interface RequestedFiltersOptions {
  /** Returns the wanted subscriptions by filter. */
  wanted(): Map<string, SubscribeRequest>;
  /** Tells whether unwanted filters may be unsubscribed. */
  mayUnsubscribe(): boolean;
  /** Called with the broker's answer for a filter. */
  onState(filter: string, state: SubscriptionState): void;
  memory?: FilterMemory | undefined;
}

/** Synchronizes the session's subscriptions at the broker with the wanted ones. */
export class RequestedFilters {
  readonly #options: RequestedFiltersOptions;
  readonly #requested = new Map<string, Requested>();
  /** Matchers of every filter of this session, including unsubscribed ones. */
  readonly #known = new Map<string, (topic: string) => boolean>();
  /** Content of the memory. */
  #remembered: string[];
  #network: NetworkConnection | undefined;
  #isPlanned = false;

  constructor(options: RequestedFiltersOptions) {
    this.#options = options;
    this.#remembered = options.memory?.read() ?? [];
    for (const filter of this.#remembered) {
      if (filterMistake(filter) !== undefined) continue;
      this.#add(filter, { qos: undefined, isGranted: true, isLeaving: false });
    }
  }

  /** Tells whether a filter ever matched this topic: messages of an unsubscribed filter may still arrive. */
  knows(topic: string): boolean {
    return [...this.#known.values()].some((matches) => matches(topic));
  }

  session(isPresent: boolean): void {
    if (!isPresent) this.#requested.clear();
  }

  connected(network: NetworkConnection): void {
    this.#network = network;
    this.update();
  }

  disconnected(): void {
    this.#network = undefined;
    for (const requested of this.#requested.values()) {
      requested.isLeaving = false;
      if (!requested.isGranted) requested.qos = undefined;
    }
  }

  /** Subscribes again to a filter: only then the broker sends its retained messages. */
  renew(filter: string): void {
    const requested = this.#requested.get(filter);
    if (requested) requested.qos = undefined;
    this.changed();
  }

  /**
   * Schedules one update for all changes of a deploy; computing the filters for 1,000 subscriptions one by one is slow.
   */
  changed(): void {
    if (this.#isPlanned) return;
    this.#isPlanned = true;
    setImmediate(() => {
      this.#isPlanned = false;
      this.update();
    });
  }

  /** Sends the difference to the broker: subscribes before it unsubscribes, so that no message is missed between. */
  update(): void {
    if (!this.#network) return;
    const wanted = this.#options.wanted();
    for (const request of wanted.values()) {
      const qos = this.#requested.get(request.filter)?.qos;
      if (qos === undefined || qos < request.qos) void this.#subscribe(request, this.#network);
    }
    for (const [filter, requested] of this.#options.mayUnsubscribe() ? this.#requested : []) {
      if (!wanted.has(filter) && !requested.isLeaving) void this.#unsubscribe(filter, this.#network);
    }
    this.#remember();
  }

  #add(filter: string, requested: Requested): void {
    this.#requested.set(filter, requested);
    this.#known.set(filter, matcher(filter));
  }

  #remember(): void {
    const filters = [...this.#requested.keys()];
    if (isDeepStrictEqual(filters, this.#remembered)) return;
    this.#remembered = filters;
    this.#options.memory?.write(filters);
  }

  async #subscribe(request: SubscribeRequest, network: NetworkConnection): Promise<void> {
    const { filter, qos } = request;
    const requested: Requested = { qos, isGranted: false, isLeaving: false };
    this.#add(filter, requested);
    try {
      const answer = await network.subscribe(request);
      requested.isGranted = answer.state === 'subscribed';
      this.#options.onState(filter, answer);
    } catch {
      // The connection ended first; the next one subscribes.
    }
  }

  async #unsubscribe(filter: string, network: NetworkConnection): Promise<void> {
    const requested = this.#requested.get(filter);
    if (!requested) return;
    requested.isLeaving = true;
    requested.qos = undefined;
    try {
      await network.unsubscribe(filter);
      if (this.#requested.get(filter) === requested) this.#requested.delete(filter);
      // Batch simultaneous removals into one write.
      if (![...this.#requested.values()].some(({ isLeaving }) => isLeaving)) this.#remember();
    } catch {
      // The connection ended first; the next one unsubscribes.
    }
  }
}
