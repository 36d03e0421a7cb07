import type { Message } from '../base/model.ts';

type IdentifiedMessage = Message & { messageId: number };

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
