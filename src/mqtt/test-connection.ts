import { randomUUID } from 'node:crypto';
import { openNetworkConnection } from './network-connection.ts';
import { brokerOptions, type BrokerOptions, brokerUrl, clientOptions } from './options.ts';
import { trouble } from './trouble.ts';

/** Seconds. */
const TIMEOUT = 10;

/**
 * Connects once and returns a sentence about the connection; rejects with the reason within 10 seconds. Uses a new
 * client ID and a clean session, so that a running connection is not disconnected.
 */
export async function testConnection(given: Partial<BrokerOptions>): Promise<string> {
  const options = brokerOptions({ ...given, clean_session: true });
  const url = brokerUrl(options);
  const clientId = `fp_test_${randomUUID().slice(0, 8)}`;
  await new Promise<void>((resolve, reject) => {
    const network = openNetworkConnection(clientOptions(options, { clientId, connectTimeout: TIMEOUT }), {
      largestPacket: () => undefined,
      onSession: () => undefined,
      onConnected: () => void network.close().then(resolve),
      onPublish: () => undefined,
      onPubrel: () => undefined,
      onCaughtUp: () => undefined,
      room: () => undefined,
      onClosed: (error) => reject(new Error(trouble(error, url).reason)),
    });
  });
  return `Connected to ${url} with MQTT ${options.protocol === 5 ? '5.0' : '3.1.1'}.`;
}
