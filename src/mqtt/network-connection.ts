import { connect, type IClientOptions, type IPublishPacket, type MqttClient, type Packet } from 'mqtt';
import type { Qos, SubscriptionState } from '../base/model.ts';
import { settledWithin } from '../base/settled-within.ts';
import { answeredLater, detachAnswers } from './detach-answers.ts';
import { keepaliveTimer } from './keepalive-timer.ts';
import { watchPacketSizes } from './packet-size.ts';
import { reasonText, RefusedError, TooLargeError } from './trouble.ts';

/** Callbacks of a network connection; `onClosed` is the last call. */
interface NetworkEvents {
  /** Called before any message, when the broker accepts the connection. `isPresent`: it kept the earlier session. */
  onSession(isPresent: boolean): void;
  onConnected(): void;
  onPublish(packet: IPublishPacket): void;
  onPubrel(packetId: number): void;
  /** The broker has sent again all messages of an earlier connection. */
  onCaughtUp(): void;
  /** Maximum bytes of a packet; undefined: no limit. */
  largestPacket(): number | undefined;
  /** Returns undefined, or a promise: reading pauses until it resolves. */
  room(): Promise<void> | undefined;
  /** The connection has ended or failed; `error` is the reason, if known. */
  onClosed(error: Error | undefined): void;
}

export interface SubscribeRequest {
  filter: string;
  qos: Qos;
  /** From 1 to 268,435,455. MQTT 5.0 sends it with each message of the subscription (section 3.8.2.1.2). */
  identifier: number;
}

/** A network connection to a broker (MQTT 5.0 section 4.2), from CONNECT to its end. */
export interface NetworkConnection {
  /** Resolves with the broker's answer; rejects if the connection ends first. */
  subscribe(request: SubscribeRequest): Promise<SubscriptionState>;
  unsubscribe(filter: string): Promise<void>;
  /** Ends the connection at once; `onClosed` hears the reason. */
  drop(reason: Error): void;
  /** Sends bytes; does nothing once the connection has ended. */
  send(bytes: Buffer): void;
  /** Sends DISCONNECT and resolves when the connection has ended. Does not call `onClosed`. */
  close(): Promise<void>;
}

/** When closing: milliseconds to wait for the answer to CONNECT, and for the end after DISCONNECT. */
const ANSWER = 1000;
const GOODBYE = 2000;

/** Connects to a broker once. */
export function openNetworkConnection(options: IClientOptions, events: NetworkEvents): NetworkConnection {
  let isOpen = true;
  let error: Error | undefined;
  const timerVariant = keepaliveTimer as unknown as NonNullable<IClientOptions['timerVariant']>;
  const client = connect({ ...options, timerVariant });
  detachAnswers(client, () => (isOpen ? events.room() : undefined));
  client.on('packetreceive', (packet) => {
    if (!isOpen) return;
    error ??= refusal(packet);
    if (!error) dispatch(packet, events);
  });
  const drop = (reason: Error) => {
    error ??= reason;
    client.end(true);
  };
  client.on('error', (reason) => {
    // mqtt.js would continue to read after bytes that are not MQTT.
    if (reason !== answeredLater) drop(reason);
  });
  const watch = watchPacketSizes((bytes) => {
    const most = events.largestPacket() ?? Infinity;
    if (bytes > most) drop(new TooLargeError(bytes, most));
  });
  // Checks the size before mqtt.js has the whole packet in memory.
  client.stream.on('data', watch);
  const connected = new Promise<void>((resolve) => {
    client.once('connect', ({ sessionPresent }) => {
      // The broker answers this ping after the messages that it sends again.
      if (isOpen && sessionPresent) client.sendPing();
      if (isOpen) events.onConnected();
      resolve();
    });
  });
  // mqtt.js only emits errors with a code.
  client.stream.on('error', (reason) => (error ??= reason));
  const closed = new Promise<void>((resolve) => {
    client.once('close', () => {
      const isOurs = !isOpen;
      isOpen = false;
      if (!isOurs) events.onClosed(error);
      resolve();
    });
  });
  return {
    subscribe: (request) => subscribe(client, request),
    unsubscribe: async (filter) => void (await client.unsubscribeAsync(filter)),
    drop,
    send: (bytes) => isOpen && send(client, bytes),
    async close() {
      isOpen = false;
      // Wait for the answer to CONNECT: mosquitto 2.0 forgets PUBRELs if the connection ends before it.
      if (!client.connected) await settledWithin(ANSWER, Promise.race([closed, connected]));
      client.end(!client.connected);
      await settledWithin(GOODBYE, closed);
      client.stream.destroy();
    },
  };
}

function refusal(packet: Packet): RefusedError | undefined {
  if (packet.cmd !== 'connack' && packet.cmd !== 'disconnect') return undefined;
  const { reasonCode = 0, properties } = packet;
  const code = packet.cmd === 'connack' ? (packet.returnCode ?? reasonCode) : reasonCode;
  if (packet.cmd === 'disconnect')
    return new RefusedError('the broker ended the connection', code, properties?.reasonString);
  return code === 0
    ? undefined
    : new RefusedError('the broker refused the connection', code, properties?.reasonString);
}

function dispatch(packet: Packet, events: NetworkEvents): void {
  if (packet.cmd === 'connack') events.onSession(packet.sessionPresent);
  else if (packet.cmd === 'pingresp') events.onCaughtUp();
  else if (packet.cmd === 'publish') events.onPublish(packet);
  else if (packet.cmd === 'pubrel' && packet.messageId) events.onPubrel(packet.messageId);
}

function subscribe(client: MqttClient, request: SubscribeRequest): Promise<SubscriptionState> {
  const { filter, qos, identifier } = request;
  const takesIdentifier =
    client.options.protocolVersion === 5 &&
    client.serverProperties?.subscriptionIdentifiersAvailable !== false;
  const options = { qos, ...(takesIdentifier && { properties: { subscriptionIdentifier: identifier } }) };
  return new Promise((resolve, reject) => {
    client.subscribe(filter, options, (error, _granted, packet) => {
      const [code] = packet?.granted ?? [];
      if (typeof code !== 'number') reject(error ?? new Error('the broker granted nothing'));
      else if (code <= 2) resolve({ state: 'subscribed', qos: code as Qos });
      else resolve({ state: 'refused', reason: reasonText(code, packet?.properties?.reasonString) });
    });
  });
}

/** Combines everything sent in one tick into one write. */
function send({ stream }: MqttClient, bytes: Buffer): void {
  if (!stream.writable) return;
  stream.cork();
  stream.write(bytes);
  process.nextTick(() => stream.uncork());
}
