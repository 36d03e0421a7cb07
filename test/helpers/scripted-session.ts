import {
  openBroker,
  type Broker,
  type BrokerHooks,
  type BrokerOptions,
  type BrokerTiming,
} from '../../src/index.ts';
import { startScriptedBroker, type ScriptedBroker, type ScriptedOptions } from './scripted-broker.ts';
import { unique } from './unique.ts';

export interface ScriptedSession {
  server: ScriptedBroker;
  /** The connection under test; the test calls `connect`. */
  broker: Broker;
  /** Returns the requested subscriptions as "filter qos". */
  subscribed: () => string[];
  unsubscribed: () => string[];
  close: () => Promise<void>;
}

/** Opens a broker connection, not yet connected, and its scripted broker. */
export async function openScripted(
  script: ScriptedOptions,
  more: Partial<BrokerOptions>,
  { timing = {}, ...hooks }: BrokerHooks & { timing?: Partial<BrokerTiming> } = {},
): Promise<ScriptedSession> {
  const server = await startScriptedBroker(script);
  const options: Partial<BrokerOptions> = {
    broker: '127.0.0.1',
    port: server.port,
    reconnect_delay: 0.1,
    client_id: unique('client'),
    clean_session: true,
    protocol: script.protocolVersion ?? 4,
    ...more,
  };
  const broker = openBroker(options, hooks, timing);
  return {
    server,
    broker,
    subscribed: () =>
      server.received.flatMap((packet) =>
        packet.cmd === 'subscribe' ? packet.subscriptions.map(({ topic, qos }) => `${topic} ${qos}`) : [],
      ),
    unsubscribed: () =>
      server.received.flatMap((packet) => (packet.cmd === 'unsubscribe' ? packet.unsubscriptions : [])),
    async close() {
      await broker.close();
      await server.stop();
    },
  };
}
