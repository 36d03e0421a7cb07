import { createHash, randomUUID } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import type { IPublishPacket } from 'mqtt';
import type { Connection, Message } from '../base/model.ts';
import { reportChanges } from '../base/report-changes.ts';
import type { TraceContext } from '../base/tracing.ts';
import { Exchanges, type AcknowledgedMessage } from './exchanges.ts';
import { keepConnected, STABLE_AFTER, type Ending } from './keep-connected.ts';
import { openNetworkConnection, type NetworkConnection } from './network-connection.ts';
import {
  brokerOptions,
  brokerTiming,
  type BrokerOptions,
  type BrokerTiming,
  brokerUrl,
  clientOptions,
} from './options.ts';
import type { FilterMemory } from './requested-filters.ts';
import type { Subscriber } from './subscriber-inbox.ts';
import { Subscriptions, type Reservation, type Subscription } from './subscriptions.ts';
import { DroppedError, trouble } from './trouble.ts';

interface ConnectionCounts {
  /** PUBLISH packets received. */
  received: number;
  /** Messages at QoS 1 and 2 that were acknowledged. */
  acknowledged: number;
  /** Unsettled deliveries at QoS 1 and 2. */
  unsettled: number;
  /** Messages without a subscriber here; they were acknowledged. */
  unwanted: number;
}

/** Callbacks of a connection, and its persistent memory. */
export interface BrokerHooks {
  onConnection?(connection: Connection): void;
  /** Called for a message that no subscriber here ever asked for, once per network connection. */
  onUnwanted?(topic: string): void;
  /** Remembers the session's filters. Without it, filters of an earlier process stay subscribed at the broker. */
  memory?: FilterMemory | undefined;
}

/** Number of short connections in a row after which another client most likely uses the same client ID. */
const TAKEN_OVER = 3;

/** Maximum characters of a `traceparent` or `tracestate`; W3C asks receivers to keep 512. */
const LONGEST_TRACE = 512;

const REANNOUNCE = 'a subscription takes larger messages than the broker was told';

/** A broker connection that reconnects automatically, and its subscriptions. */
export class Broker {
  readonly #options: BrokerOptions;
  readonly #timing: BrokerTiming;
  readonly #clientId: string;
  readonly #url: string;
  readonly #state: ReturnType<typeof reportChanges>;
  readonly #subscriptions: Subscriptions;
  readonly #exchanges: Exchanges;
  readonly #closing = new AbortController();
  #network: NetworkConnection | undefined;
  /** The Maximum Packet Size that this connection told the broker. */
  #announced: number | undefined;
  #closedSoon = 0;
  #received = 0;
  #closed: Promise<void> | undefined;

  constructor(options: BrokerOptions, hooks: BrokerHooks, timing: BrokerTiming) {
    this.#options = options;
    this.#timing = timing;
    this.#clientId = this.#options.client_id || `fp_${randomUUID().slice(0, 8)}`;
    this.#url = brokerUrl(this.#options);
    this.#state = reportChanges((connection) => hooks.onConnection?.(connection), { state: 'closed' });
    const { window, qos0_buffer: waiting, qos0_drop: drop, protocol } = this.#options;
    this.#subscriptions = new Subscriptions({
      limits: { running: window, waiting, drop },
      grace: timing.restartGrace * 1000,
      sendsOneCopy: protocol === 4,
      memory: hooks.memory,
      onUnwanted: (topic) => hooks.onUnwanted?.(topic),
    });
    this.#exchanges = new Exchanges({
      window,
      release: (message) => this.#subscriptions.released(message),
    });
  }

  get connection(): Connection {
    return this.#state.connection();
  }

  get counts(): ConnectionCounts {
    return {
      received: this.#received,
      acknowledged: this.#exchanges.acknowledged,
      unsettled: this.#exchanges.unsettled,
      unwanted: this.#subscriptions.unwanted,
    };
  }

  /**
   * Connects, and reconnects until `close`. Subscribe first: the broker sends the messages of a persistent session as
   * soon as it accepts the connection. Messages without a subscriber are acknowledged, and their filters unsubscribed.
   */
  connect(): void {
    if (this.connection.state !== 'closed' || this.#closing.signal.aborted) return;
    void keepConnected({
      options: this.#options,
      connect: () => this.#connectOnce(),
      report: this.#state.report,
      signal: this.#closing.signal,
    });
  }

  /** @throws OptionsError if the filter or the QoS is invalid */
  subscribe(subscriber: Subscriber): Subscription {
    const subscription = this.#subscriptions.subscribe(subscriber);
    const { largestPacket = 0 } = this.#subscriptions;
    // The broker drops larger messages, and only CONNECT can announce another maximum.
    if (largestPacket > (this.#announced ?? Infinity)) this.#network?.drop(new DroppedError(REANNOUNCE));
    return subscription;
  }

  /** Keeps the messages of a subscriber that cannot take them, until the returned function is called. */
  reserve(reservation: Reservation): (isRemoved: boolean) => void {
    return this.#subscriptions.reserve(reservation);
  }

  /**
   * Disconnects: acknowledges settled deliveries and sends DISCONNECT (at most 3 s). The broker sends the unsettled
   * messages of a persistent session again. To acknowledge running deliveries, wait for them first.
   */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    this.#closing.abort();
    // Let the promises of deliveries that settled in this tick run first.
    await setImmediate();
    this.#exchanges.finish();
    await this.#network?.close();
    this.#disconnected();
    this.#subscriptions.close();
    this.#state.report({ state: 'closed' });
  }

  #connectOnce(): Promise<Ending> {
    let since: number | undefined;
    return new Promise((resolve) => {
      const ended = (error: Error | undefined) => {
        this.#disconnected();
        const lasted = since && Date.now() - since;
        this.#countClosedSoon(error, lasted);
        resolve({ trouble: trouble(error, this.#url, this.#closedSoon >= TAKEN_OVER), lasted });
      };
      const connected = () => {
        since = Date.now();
        this.#state.report({ state: 'connected' });
      };
      try {
        this.#network = this.#open(connected, ended);
      } catch (error) {
        // An invalid certificate or key throws before anything is sent.
        ended(error as Error);
      }
    });
  }

  /** Counts connections in a row that the broker closed soon and without a reason. */
  #countClosedSoon(error: Error | undefined, lasted: number | undefined): void {
    const isSoon = !error && lasted !== undefined && lasted < STABLE_AFTER;
    this.#closedSoon = isSoon ? this.#closedSoon + 1 : 0;
  }

  #open(connected: () => void, ended: (error: Error | undefined) => void): NetworkConnection {
    this.#announced = this.#options.protocol === 5 ? this.#subscriptions.largestPacket : undefined;
    const network = openNetworkConnection(
      clientOptions(this.#options, {
        clientId: this.#clientId,
        connectTimeout: this.#timing.connectTimeout,
        largestPacket: this.#announced,
      }),
      {
        largestPacket: () => this.#subscriptions.largestPacket,
        onSession: (isPresent) => {
          this.#exchanges.connected(isPresent, (bytes) => network.send(bytes));
          this.#subscriptions.session(isPresent);
        },
        onConnected: () => {
          connected();
          this.#subscriptions.connected(network);
        },
        onPublish: (packet) => this.#take(packet),
        onCaughtUp: () => this.#exchanges.caughtUp(),
        onPubrel: (packetId) => this.#exchanges.released(packetId),
        room: () => this.#exchanges.room(),
        onClosed: ended,
      },
    );
    return network;
  }

  #take(packet: IPublishPacket): void {
    this.#received += 1;
    const message = this.#message(packet);
    const { subscriptionIdentifier: identifier } = packet.properties ?? {};
    const identifiers = identifier === undefined ? undefined : [identifier].flat();
    const deliver = (taken: Message) => this.#subscriptions.deliver(taken, identifiers);
    if (isAcknowledged(message)) this.#exchanges.published(message, deliver);
    else void deliver(message);
  }

  #message({ topic, payload, qos, retain, dup, messageId, properties }: IPublishPacket): Message {
    const trace = properties?.userProperties && traceOf(properties.userProperties);
    const message = { topic, payload: Buffer.from(payload), qos, retain, ...(trace && { trace }) };
    if (qos === 0 || messageId === undefined) return { ...message, dup: false };
    if (qos === 1) return { ...message, dup, messageId };
    return { ...message, dup, messageId, exchange: exchangeName(this.#clientId, messageId, message) };
  }

  #disconnected(): void {
    this.#network = undefined;
    this.#exchanges.disconnected();
    this.#subscriptions.disconnected();
  }
}

/** Creates a broker connection, which `connect` starts. @throws OptionsError that lists every mistake */
export function openBroker(
  options: Partial<BrokerOptions>,
  hooks: BrokerHooks = {},
  timing: Partial<BrokerTiming> = {},
): Broker {
  return new Broker(brokerOptions(options), hooks, { ...brokerTiming, ...timing });
}

/** The W3C trace context in user properties (https://w3c.github.io/trace-context-mqtt/). */
function traceOf({ traceparent, tracestate }: Record<string, unknown>): TraceContext | undefined {
  if (typeof traceparent !== 'string' || traceparent.length > LONGEST_TRACE) return undefined;
  const hasState = typeof tracestate === 'string' && tracestate.length <= LONGEST_TRACE;
  return JSON.stringify({ traceparent, ...(hasState && { tracestate }) });
}

function isAcknowledged(message: Message): message is AcknowledgedMessage {
  return message.qos > 0 && message.messageId !== undefined;
}

/** Names an exchange. Packet identifiers are reused, so the name also depends on the content. */
function exchangeName(
  clientId: string,
  packetId: number,
  { topic, payload }: Pick<Message, 'topic' | 'payload'>,
): string {
  const digest = createHash('sha256').update(`${topic}\n`).update(payload).digest('base64url');
  return `${clientId}:${packetId}:${digest.slice(0, 22)}`;
}
