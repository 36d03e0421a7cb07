import { parser, type Packet } from 'mqtt-packet';
import type { Watch } from '../helpers/proxy.ts';

/** One packet of a QoS 2 exchange, as it passed between broker and Node-RED. */
interface Step {
  connection: number;
  cmd: Packet['cmd'];
  dup: boolean;
}

/**
 * The QoS 2 exchanges that went over a proxy, by the number in each message: they tell whether a message that made two
 * jobs was doubled by us, or sent anew by the broker after it had sent PUBREL, which it must not do
 * (MQTT 3.1.1 section 4.3.3, MQTT-4.3.3-1).
 */
export class Qos2Trace {
  readonly #steps = new Map<number, Step[]>();
  /** Which message each packet identifier stands for now. */
  readonly #numbers = new Map<number, number>();

  /** Watches one more connection. */
  watch(connection: number): Watch {
    return { fromTarget: this.#reader(connection), fromClient: this.#reader(connection) };
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
    const packets = parser({ protocolVersion: 4 });
    packets.on('packet', (packet) => this.#note(connection, packet));
    packets.on('error', () => undefined);
    return (data) => void packets.parse(data);
  }

  #note(connection: number, packet: Packet): void {
    const { cmd, messageId = 0 } = packet;
    if (cmd === 'publish') this.#numbers.set(messageId, numberIn(packet.payload));
    else if (cmd !== 'pubrec' && cmd !== 'pubrel' && cmd !== 'pubcomp') return;
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
