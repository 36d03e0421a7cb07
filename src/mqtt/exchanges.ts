import type { Message } from '../base/model.ts';
import { EarlierExchanges, FinishedExchanges } from './known-exchanges.ts';

/** A message at QoS 1 or 2, which has a packet identifier. */
export type AcknowledgedMessage = Message & { qos: 1 | 2; messageId: number };

/** Maximum bytes of unsettled messages: half of a producer's limit, since jobs may be larger than messages. */
const MOST_BYTES = 33_554_432;

/** Answers; without properties they are the same in MQTT 3.1.1 and 5.0 (sections 3.4 to 3.7). */
const PUBACK = 0x40;
const PUBREC = 0x50;
const PUBCOMP = 0x70;

/** One message from its PUBLISH to our PUBACK, or via PUBREC to PUBREL (section 4.3). */
interface Exchange {
  message: AcknowledgedMessage;
  /** The delivery has ended: PUBACK or PUBREC may be sent. */
  isSettled: boolean;
  /** PUBREL came: the broker may use the packet identifier for another message. */
  isReleased: boolean;
}

/** Sends bytes on one connection. */
type Send = (bytes: Buffer) => void;

/** Delivers a message; its `dup` tells whether it may have been handled before. */
type Deliver = (message: AcknowledgedMessage) => Promise<void>;

interface ExchangesOptions {
  /** Maximum number of unsettled deliveries; beyond it, `room` returns a promise. */
  window: number;
  /** Called before PUBCOMP, if this process has seen the message. */
  release(message: AcknowledgedMessage): Promise<void>;
}

/**
 * The session's incoming QoS 1 and 2 messages (MQTT 5.0 section 4.1), across all its network connections.
 *
 * A message that is sent again during its first delivery joins that delivery. Its answer is sent on the connection that
 * brought it last, never on a connection that did not bring it.
 */
export class Exchanges {
  readonly #options: ExchangesOptions;
  readonly #open = new Map<number, Exchange>();
  readonly #releasing = new Map<number, Promise<void>>();
  readonly #finished = new FinishedExchanges();
  readonly #earlier = new EarlierExchanges();
  /** Messages of this connection to answer, in order of arrival. */
  readonly #unanswered = { 1: new Set<Exchange>(), 2: new Set<Exchange>() };
  #send: Send | undefined;
  #unsettled = 0;
  #unsettledBytes = 0;
  #acknowledged = 0;
  #waiters: (() => void)[] = [];

  constructor(options: ExchangesOptions) {
    this.#options = options;
  }

  /** Number of unsettled deliveries, including those of lost sessions. */
  get unsettled(): number {
    return this.#unsettled;
  }

  /** Number of PUBACKs and PUBRECs sent. */
  get acknowledged(): number {
    return this.#acknowledged;
  }

  /** Uses `send` for answers from now on. If the broker lost the session, forgets its exchanges, too. */
  connected(isSessionPresent: boolean, send: Send): void {
    this.#earlier.session(isSessionPresent);
    if (!isSessionPresent) {
      this.#open.clear();
      this.#releasing.clear();
      this.#finished.clear();
    }
    this.#send = send;
  }

  /** The broker has sent all messages of earlier connections again. */
  caughtUp(): void {
    this.#earlier.caughtUp();
  }

  disconnected(): void {
    this.#send = undefined;
    this.#unanswered[1].clear();
    this.#unanswered[2].clear();
  }

  /** Sends all due answers before the connection ends, also those that wait for an unsettled delivery before them. */
  finish(): void {
    for (const qos of [1, 2] as const) {
      for (const exchange of this.#unanswered[qos])
        if (!exchange.isSettled) this.#unanswered[qos].delete(exchange);
      this.#answer(qos);
    }
  }

  /**
   * Handles PUBLISH. Calls `deliver` for a new message; it must resolve when the delivery settles, and never reject.
   */
  published(message: AcknowledgedMessage, deliver: Deliver): void {
    const earlier = this.#open.get(message.messageId);
    const isKnown = earlier && this.#isRepeat(earlier, message);
    if (earlier && !isKnown) this.#unanswered[earlier.message.qos].delete(earlier);
    const exchange = isKnown ? earlier : this.#begin(message, deliver);
    this.#unanswered[message.qos].add(exchange);
    this.#answer(message.qos);
  }

  /**
   * Tells whether a PUBLISH repeats the message of an open exchange. At QoS 2 the same packet identifier before PUBREL means a
   * repeat, even without DUP (section 4.3.3). The content must be the same, too: a broker that forgot the exchange may use
   * the identifier for another message, which must not be lost.
   */
  #isRepeat({ message: earlier, isReleased }: Exchange, message: AcknowledgedMessage): boolean {
    if (message.qos !== earlier.qos) return false;
    const isOpen = message.qos === 2 && !isReleased;
    return (isOpen || message.dup) && isSameContent(earlier, message);
  }

  #begin(message: AcknowledgedMessage, deliver: Deliver): Exchange {
    const isSettled = message.qos === 2 && this.#finished.has(message);
    const exchange = { message, isSettled, isReleased: false };
    this.#open.set(message.messageId, exchange);
    const dup = message.qos === 2 ? this.#earlier.has(message) : message.dup;
    if (!isSettled) void this.#run(exchange, () => deliver({ ...message, dup }));
    return exchange;
  }

  async #run(exchange: Exchange, deliver: () => Promise<void>): Promise<void> {
    const { qos, payload, messageId } = exchange.message;
    this.#unsettled += 1;
    this.#unsettledBytes += payload.length;
    // Wait for the earlier exchange with this identifier: its end removes the keys of its name, which may be the same.
    const releasing = this.#releasing.get(messageId);
    if (releasing) await releasing;
    await deliver();
    exchange.isSettled = true;
    this.#unsettled -= 1;
    this.#unsettledBytes -= payload.length;
    this.#answer(qos);
    for (const resolve of this.#waiters.splice(0)) resolve();
  }

  /** Sends PUBACKs, and PUBRECs, in the order of their PUBLISHes (MQTT 5.0 section 4.6). */
  #answer(qos: 1 | 2): void {
    for (const exchange of this.#unanswered[qos]) {
      if (!exchange.isSettled) return;
      this.#unanswered[qos].delete(exchange);
      const { messageId } = exchange.message;
      // At QoS 2 the exchange stays open until PUBREL: a repeated PUBLISH only gets PUBREC.
      if (qos === 1) this.#open.delete(messageId);
      this.#send?.(answer(qos === 1 ? PUBACK : PUBREC, messageId));
      this.#acknowledged += 1;
    }
  }

  /** Handles PUBREL: the broker will not send this message again. */
  released(packetId: number): void {
    this.#earlier.released(packetId);
    const exchange = this.#open.get(packetId);
    if (exchange) exchange.isReleased = true;
    void this.#close(packetId, exchange);
  }

  async #close(packetId: number, exchange: Exchange | undefined): Promise<void> {
    const send = this.#send;
    const releasing = this.#releasing.get(packetId) ?? this.#release(exchange);
    this.#releasing.set(packetId, releasing);
    await releasing;
    if (this.#releasing.get(packetId) === releasing) this.#releasing.delete(packetId);
    if (exchange && this.#open.get(packetId) === exchange) {
      this.#open.delete(packetId);
      this.#finished.add(exchange.message);
    }
    if (this.#send === send) send?.(answer(PUBCOMP, packetId));
  }

  async #release(exchange: Exchange | undefined): Promise<void> {
    if (exchange) await this.#options.release(exchange.message);
  }

  /** Returns undefined while unsettled messages are within the window and 32 MiB; else a promise of room for more. */
  room(): Promise<void> | undefined {
    if (this.#unsettled <= this.#options.window && this.#unsettledBytes <= MOST_BYTES) return undefined;
    return new Promise<void>((resolve) => this.#waiters.push(resolve)).then(() => this.room());
  }
}

function isSameContent(earlier: AcknowledgedMessage, message: AcknowledgedMessage): boolean {
  return message.topic === earlier.topic && message.payload.equals(earlier.payload);
}

function answer(type: number, packetId: number): Buffer {
  return Buffer.from([type, 2, packetId >> 8, packetId & 0xff]);
}
