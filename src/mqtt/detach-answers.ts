import type { MqttClient } from 'mqtt';

/** mqtt.js emits this as an `error` for each QoS 2 message that it must not answer. Ignore it. */
export const answeredLater = new Error('answered when the delivery has settled');

/**
 * Stops mqtt.js from answering PUBLISH and PUBREL, so that we can answer when a delivery settles, and keep processing
 * packets and pings meanwhile.
 *
 * mqtt.js 5 answers when a handler calls back, and processes no other packet until then. If the handler calls back with
 * an error, mqtt.js sends no answer and processes the next packet: `handleMessage` for QoS 1 and PUBREL,
 * `customHandleAcks` for QoS 2. After each message, `room` may return a promise: reading pauses until it resolves.
 */
export function detachAnswers(client: MqttClient, room: () => Promise<void> | undefined): void {
  const next = (done: (error: Error) => void) => {
    const full = room();
    if (full) void hold(client, full).finally(() => done(answeredLater));
    else done(answeredLater);
  };
  // Set on the client: mqtt.js reads the constructor's option for MQTT 5.0 only.
  client.options.customHandleAcks = (...args) => {
    const [, , packet, done] = args;
    if (packet.qos === 2) next(done);
    else done(0);
  };
  client.handleMessage = (packet, done) => (packet.qos === 0 ? done() : next(done));
  // mqtt.js calls handleMessage for a PUBREL only if the store knows its PUBLISH; else it answers immediately.
  client.incomingStore.get = (packet, done) => {
    done(undefined, packet as never);
    return client.incomingStore;
  };
}

/** Pauses reading. PINGRESPs aren't read either, so send pings without expecting one. */
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
