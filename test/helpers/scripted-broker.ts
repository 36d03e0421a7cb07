/** A broker controlled by a test, for cases that a real broker cannot produce. */
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { generate, parser, type IConnackPacket, type Packet } from 'mqtt-packet';
import { until } from './until.ts';

export interface ScriptedOptions {
  protocolVersion?: 4 | 5;
  /** Answer to each CONNECT. Default: accepted, without session. */
  connack?: () => Partial<IConnackPacket>;
  /** Answer to each SUBSCRIBE. Default: QoS 2. */
  suback?: () => { granted: number[]; properties?: { reasonString?: string } };
  /** Type of packet that is not answered for now. */
  ignores?: () => Packet['cmd'];
}

export interface ScriptedBroker {
  port: number;
  /** All packets from clients, on all connections. */
  received: Packet[];
  /** Sends packets on the latest connection. */
  send(...packets: Packet[]): void;
  write(bytes: Buffer): void;
  /** Breaks the latest connection. */
  cut(): void;
  /** Returns the packet identifiers of the received packets of a type, in order. */
  ids(cmd: Packet['cmd']): number[];
  /** Resolves when clients have sent `count` packets of a type. */
  got(cmd: Packet['cmd'], count?: number): Promise<Packet[]>;
  stop(): Promise<void>;
}

export async function startScriptedBroker(options: ScriptedOptions = {}): Promise<ScriptedBroker> {
  const settings = { protocolVersion: options.protocolVersion ?? 4 };
  const received: Packet[] = [];
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined);
    const read = parser(settings);
    read.on('packet', (packet) => {
      received.push(packet);
      const answer = answerTo(packet, options);
      if (answer && !socket.destroyed) socket.write(generate(answer, settings));
      if (packet.cmd === 'disconnect') socket.end();
    });
    socket.on('data', (bytes) => read.parse(bytes));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const of = (cmd: Packet['cmd']) => received.filter((packet) => packet.cmd === cmd);
  return {
    port: (server.address() as AddressInfo).port,
    received,
    send: (...packets) =>
      void sockets.at(-1)?.write(Buffer.concat(packets.map((packet) => generate(packet, settings)))),
    write: (bytes) => void sockets.at(-1)?.write(bytes),
    cut: () => void sockets.at(-1)?.destroy(),
    ids: (cmd) => of(cmd).map((packet) => packet.messageId ?? 0),
    got: (cmd, count = 1) => until(`${count} ${cmd}`, () => (of(cmd).length >= count ? of(cmd) : undefined)),
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function answerTo(packet: Packet, options: ScriptedOptions): Packet | undefined {
  const { messageId } = packet;
  if (packet.cmd === options.ignores?.()) return undefined;
  const granted = { granted: [2], ...options.suback?.() };
  if (packet.cmd === 'connect') {
    return { cmd: 'connack', sessionPresent: false, returnCode: 0, reasonCode: 0, ...options.connack?.() };
  }
  if (packet.cmd === 'subscribe') return { cmd: 'suback', messageId, ...granted };
  if (packet.cmd === 'unsubscribe') return { cmd: 'unsuback', messageId, granted: [0] };
  if (packet.cmd === 'pingreq') return { cmd: 'pingresp' };
  return undefined;
}

/** Returns a PUBLISH packet of a broker. */
export function publish(
  messageId: number,
  more: { topic?: string; qos?: 0 | 1 | 2; dup?: boolean; text?: string } = {},
): Packet {
  const { topic = 'a', qos = 1, dup = false, text = `message ${messageId}` } = more;
  return {
    cmd: 'publish',
    topic,
    payload: text,
    qos,
    dup,
    retain: false,
    ...(qos > 0 && { messageId }),
  };
}
