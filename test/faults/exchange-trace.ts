import { parser, type Packet } from 'mqtt-packet';
import type { Watch } from '../helpers/proxy.ts';

/** One packet of a QoS 2 exchange, as it passed between broker and Node-RED. */
interface Step {
  connection: number;
  cmd: Packet['cmd'];
  dup: boolean;
}

/**
 * The exchanges that went over a proxy. Those at QoS 2, by the number in each message, tell whether a message that made
 * two jobs was doubled by us, or sent anew by the broker after it had sent PUBREL, which it must not do
 * (MQTT 3.1.1 section 4.3.3, MQTT-4.3.3-1).
 */
export class ExchangeTrace {
  readonly #steps = new Map<number, Step[]>();
  /** Which QoS 2 message each packet identifier stands for now. */
  readonly #numbers = new Map<number, number>();
  /** The packet identifiers whose exchange has begun on the newest connection, and not ended. */
  readonly #open = new Set<number>();
  readonly #protocol: 4 | 5;
  #newest = 0;

  /** `protocol`: MQTT 3.1.1 (4) or 5. */
  constructor(protocol: 4 | 5) {
    this.#protocol = protocol;
  }

  /** Watches one more connection. */
  watch(connection: number): Watch {
    this.#newest = connection;
    this.#open.clear();
    return { fromTarget: this.#reader(connection), fromClient: this.#reader(connection) };
  }

  /** How many messages the broker has sent on the newest connection without having heard the end of them. */
  get open(): number {
    return this.#open.size;
  }

  /** Whether the broker sent PUBLISH again after it had sent PUBREL. */
  wasSentAnew(number: number): boolean {
    const steps = this.#steps.get(number) ?? [];
    const released = steps.findIndex(({ cmd }) => cmd === 'pubrel');
    return released >= 0 && steps.slice(released).some(({ cmd, dup }) => cmd === 'publish' && dup);
  }

  /** The exchange of a message in one line, for instance `1 publish, 1 pubrec, 2 publish again`. */
  describe(number: number): string {
    const steps = this.#steps.get(number) ?? [];
    return steps.map(({ connection, cmd, dup }) => `${connection} ${cmd}${dup ? ' again' : ''}`).join(', ');
  }

  #reader(connection: number): (data: Buffer) => void {
    const packets = parser({ protocolVersion: this.#protocol });
    packets.on('packet', (packet) => this.#note(connection, packet));
    packets.on('error', () => undefined);
    return (data) => void packets.parse(data);
  }

  #note(connection: number, packet: Packet): void {
    if (connection === this.#newest) this.#noteOpen(packet);
    this.#noteStep(connection, packet);
  }

  #noteOpen({ cmd, messageId = 0 }: Packet): void {
    if (cmd === 'publish' || cmd === 'pubrel') this.#open.add(messageId);
    if (cmd === 'puback' || cmd === 'pubcomp') this.#open.delete(messageId);
  }

  #noteStep(connection: number, packet: Packet): void {
    const { cmd, messageId = 0 } = packet;
    if (cmd === 'publish') {
      if (packet.qos !== 2) return;
      this.#numbers.set(messageId, numberIn(packet.payload));
    } else if (cmd !== 'pubrec' && cmd !== 'pubrel' && cmd !== 'pubcomp') return;
    const number = this.#numbers.get(messageId);
    if (number === undefined) return;
    const steps = this.#steps.get(number) ?? [];
    steps.push({ connection, cmd, dup: cmd === 'publish' && packet.dup });
    this.#steps.set(number, steps);
  }
}

function numberIn(payload: Buffer | string): number {
  return (JSON.parse(String(payload)) as { number: number }).number;
}
