import type { Message } from '../model.ts';

type IdentifiedMessage = Message & { messageId: number };

/** How many are remembered; packet identifiers that are counted up come again after 65,535 messages. */
const MOST = 1000;

/**
 * The QoS 2 messages whose exchange ended last, to know one that a broker sends once more after PUBREL.
 *
 * It must not (MQTT 3.1.1 section 4.3.3), but mosquitto 2.0 does: when a connection ends after CONNECT and before mosquitto
 * has answered, it forgets that it was waiting for PUBCOMP.
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

  /** Whether this PUBLISH is a message of these sent once more. */
  has({ messageId, exchange, dup }: IdentifiedMessage): boolean {
    if (!this.#names.has(messageId)) return false;
    if (dup) return this.#names.get(messageId) === exchange;
    // With a broker that gives a free identifier away at once, a new message may look like an old one.
    this.#reusesSoon = true;
    this.#names.clear();
    return false;
  }

  clear(): void {
    this.#names.clear();
  }
}
