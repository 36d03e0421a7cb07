import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { Aedes } from 'aedes';
import { until } from '../../helpers/until.ts';

/** A message on this topic is passed on to `passedOn` at once, and acknowledged later. */
export const slowTopic = 'slow';
export const passedOn = 'passed-on';

/** A broker in this process, so that acknowledgements and messages have one order. */
export interface WatchedBroker {
  port: number;
  untilSubscribed(clientId: string): Promise<unknown>;
  /** Calls the listener for each PUBACK of this client. */
  onAcknowledged(clientId: string, listener: () => void): void;
  close(): Promise<void>;
}

export async function startWatchedBroker(): Promise<WatchedBroker> {
  const listeners = new Map<string, () => void>();
  const subscribed = new Set<string>();
  const aedes = await Aedes.createBroker({
    authorizePublish(_client, packet, done) {
      if (packet.topic !== slowTopic) return done(null);
      aedes.publish({ ...packet, topic: passedOn }, () => setTimeout(done, 50, null));
    },
  });
  aedes.on('ack', (_packet, { id }) => listeners.get(id)?.());
  aedes.on('subscribe', (_subscriptions, { id }) => subscribed.add(id));
  const server = createServer(aedes.handle);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    untilSubscribed: (id) => until(`${id} has subscribed`, () => subscribed.has(id)),
    onAcknowledged: (id, listener) => listeners.set(id, listener),
    async close() {
      await new Promise<void>((resolve) => aedes.close(resolve));
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
