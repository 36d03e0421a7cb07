/** Recognises messages that were handled before: by an earlier process, or in an exchange that has ended. */
import type { Message } from '../base/model.ts';

type IdentifiedMessage = Pick<Message, 'exchange' | 'dup'> & { messageId: number };

/**
 * The messages that an earlier process may have handled: those of a session that it left open.
 *
 * Such a PUBLISH should be marked with DUP (MQTT 5.0 section 3.3.1.1), but some brokers leave the mark out. They send these
 * messages before any other (section 4.4). So until then, each packet identifier that is new here may be an old one.
 */
export class EarlierExchanges {
  /** Undefined while no session is known. */
  #hasEarlier: boolean | undefined;
  #isCaughtUp = false;
  /** Packet identifiers that came while the broker sent messages again. */
  readonly #seen = new Set<number>();

  /** Starts a connection. `isPresent`: the broker kept the session. */
  session(isPresent: boolean): void {
    this.#hasEarlier = isPresent && this.#hasEarlier !== false;
    if (!this.#hasEarlier) this.caughtUp();
  }

  /** The broker has sent all messages of earlier connections again. */
  caughtUp(): void {
    this.#isCaughtUp = true;
    this.#seen.clear();
  }

  /** Tells whether an earlier process may have handled this message. */
  has({ messageId, dup }: IdentifiedMessage): boolean {
    if (!this.#hasEarlier) return false;
    const isFirst = !this.#isCaughtUp && !this.#seen.has(messageId);
    this.released(messageId);
    return dup || isFirst;
  }

  /** Handles PUBREL: the next message with this identifier is another one, or has DUP. */
  released(messageId: number): void {
    if (!this.#isCaughtUp) this.#seen.add(messageId);
  }
}

/** Number of remembered exchanges. A broker that counts packet identifiers up reuses them after 65,535 messages. */
const MOST = 1000;

/**
 * Remembers the QoS 2 messages whose exchanges ended last, to recognise one that a broker sends again after PUBREL.
 *
 * MQTT forbids that (3.1.1 section 4.3.3), but mosquitto 2.0 does it: if a connection ends between CONNECT and CONNACK,
 * mosquitto forgets that it waits for PUBCOMP.
 */
export class FinishedExchanges {
  readonly #names = new Map<number, string | undefined>();
  #reusesSoon = false;

  add({ messageId, exchange }: IdentifiedMessage): void {
    if (this.#reusesSoon) return;
    this.#names.delete(messageId);
    this.#names.set(messageId, exchange);
    const [oldest] = this.#names.keys();
    if (this.#names.size > MOST && oldest !== undefined) this.#names.delete(oldest);
  }

  /** Tells whether this PUBLISH repeats a remembered message. */
  has({ messageId, exchange, dup }: IdentifiedMessage): boolean {
    if (!this.#names.has(messageId)) return false;
    if (dup) return this.#names.get(messageId) === exchange;
    // A broker that reuses free identifiers immediately could make a new message look like an old one.
    this.#reusesSoon = true;
    this.#names.clear();
    return false;
  }

  clear(): void {
    this.#names.clear();
  }
}
