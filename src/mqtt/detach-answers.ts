import type { MqttClient } from 'mqtt';

/** mqtt.js emits this as an `error` for each QoS 2 message it is kept from answering; it means nothing. */
export const answeredLater = new Error('answered when the delivery has settled');

/**
 * Keeps mqtt.js from answering PUBLISH and PUBREL itself, so that an answer can leave when a delivery has settled
 * while packets and pings flow on.
 *
 * By itself mqtt.js 5 answers as soon as a handler calls back, and handles nothing else until then. A handler that
 * calls back with an error gets no answer sent and lets the next packet in: `handleMessage` for QoS 1 and PUBREL,
 * `customHandleAcks` for QoS 2. `room` is asked after each message and can hold the connection: undefined goes on.
 */
export function detachAnswers(client: MqttClient, room: () => Promise<void> | undefined): void {
  const next = (done: (error: Error) => void) => {
    const full = room();
    if (full) void hold(client, full).finally(() => done(answeredLater));
    else done(answeredLater);
  };
  // Set on the client, because mqtt.js takes it from its constructor's options for MQTT 5.0 only.
  client.options.customHandleAcks = (...args) => {
    const [, , packet, done] = args;
    if (packet.qos === 2) next(done);
    else done(0);
  };
  client.handleMessage = (packet, done) => (packet.qos === 0 ? done() : next(done));
  // A PUBREL reaches handleMessage only if the store knows its PUBLISH; else mqtt.js answers at once.
  client.incomingStore.get = (packet, done) => {
    done(undefined, packet as never);
    return client.incomingStore;
  };
}

/** A held connection reads nothing, no PINGRESP either, so it pings without asking for one. */
async function hold(client: MqttClient, full: Promise<void>): Promise<void> {
  const ping = () => {
    client.sendPing();
    client.reschedulePing(true);
  };
  // Twice within the keepalive time, which is in seconds.
  const pings = client.keepalive > 0 ? setInterval(ping, client.keepalive * 500) : undefined;
  const stop = () => clearInterval(pings);
  client.once('close', stop);
  await full;
  client.off('close', stop);
  stop();
}
