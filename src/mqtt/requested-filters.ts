import { isDeepStrictEqual } from 'node:util';
import type { Qos, SubscriptionState } from '../model.ts';
import type { NetworkConnection, SubscribeRequest } from './network-connection.ts';
import { filterMistake, matcher } from './topic.ts';

/** What the broker has or may have of a filter. */
interface Requested {
  /** The QoS the broker was asked for; undefined where it must be asked again. */
  qos: Qos | undefined;
  isGranted: boolean;
  isLeaving: boolean;
}

/** Keeps what a session was asked for, so that a later process knows what the broker may still have of it. */
export interface FilterMemory {
  read(): string[];
  write(filters: string[]): void;
}

export interface RequestedFiltersOptions {
  /** What the broker is to be subscribed to, by filter. */
  wanted(): Map<string, SubscribeRequest>;
  /** Whether filters that nobody wants may be left. */
  mayLeave(): boolean;
  /** The broker's answer, for all who use the filter. */
  tell(filter: string, state: SubscriptionState): void;
  memory?: FilterMemory | undefined;
}

/** Keeps the session's subscriptions at the broker in step with the wanted ones. */
export class RequestedFilters {
  readonly #options: RequestedFiltersOptions;
  readonly #requested = new Map<string, Requested>();
  /** Every filter of this session that is known of, those that were left included. */
  readonly #known = new Map<string, (topic: string) => boolean>();
  /** What the memory has. */
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

  /** Whether the broker was ever asked for this topic here; what it kept of a filter that was left may come late. */
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

  /** Asks for a filter anew: the broker sends its retained messages only then. */
  renew(filter: string): void {
    const requested = this.#requested.get(filter);
    if (requested) requested.qos = undefined;
    this.changed();
  }

  /** What is wanted has changed; the changes of a deploy go to the broker as one: working out a thousand takes time. */
  changed(): void {
    if (this.#isPlanned) return;
    this.#isPlanned = true;
    setImmediate(() => {
      this.#isPlanned = false;
      this.update();
    });
  }

  /** Tells the broker the difference, new subscriptions first, so that nothing is missed between two. */
  update(): void {
    if (!this.#network) return;
    const wanted = this.#options.wanted();
    for (const request of wanted.values()) {
      const qos = this.#requested.get(request.filter)?.qos;
      if (qos === undefined || qos < request.qos) void this.#subscribe(request, this.#network);
    }
    for (const [filter, requested] of this.#options.mayLeave() ? this.#requested : []) {
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
      this.#options.tell(filter, answer);
    } catch {
      // The connection ended first; the next one asks again.
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
      // Many that leave together are written once, with the last one.
      if (![...this.#requested.values()].some(({ isLeaving }) => isLeaving)) this.#remember();
    } catch {
      // The connection ended first; the next one asks again.
    }
  }
}
