import { createHash } from 'node:crypto';
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
  readonly #digests = new Map<number, string>();
  #reusesSoon = false;

  add(message: IdentifiedMessage): void {
    if (this.#reusesSoon) return;
    const { messageId } = message;
    this.#digests.delete(messageId);
    this.#digests.set(messageId, digestOf(message));
    const [oldest] = this.#digests.keys();
    if (this.#digests.size > MOST && oldest !== undefined) this.#digests.delete(oldest);
  }

  /** Whether this PUBLISH is a message of these sent once more. */
  has(message: IdentifiedMessage): boolean {
    const digest = this.#digests.get(message.messageId);
    if (digest === undefined) return false;
    if (message.dup) return digest === digestOf(message);
    // With a broker that gives a free identifier away at once, a new message may look like an old one.
    this.#reusesSoon = true;
    this.#digests.clear();
    return false;
  }

  clear(): void {
    this.#digests.clear();
  }
}

function digestOf({ topic, payload }: Message): string {
  return createHash('sha256').update(`${topic}\n`).update(payload).digest('base64');
}
