import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { GiveUpError } from '../../base/errors.ts';
import { METRICS_TYPE } from '../../engine/metrics/metrics.ts';
import { UsageError, type Call, type VerbOption } from '../verb.ts';

export const metricsOption: VerbOption = {
  type: 'string',
  value: '[HOST:]PORT',
  about: 'metrics for Prometheus at http://127.0.0.1:PORT/metrics, or at another HOST of this machine',
};

const LOCAL = '127.0.0.1';
const PATH = '/metrics';
/** Connections at the same time; Prometheus needs one. */
const MOST_CONNECTIONS = 20;

interface Address {
  host: string;
  port: number;
}

/**
 * Returns where the metrics are wanted.
 *
 * @throws UsageError if the option has no port
 */
export function metricsAddressOf({ options: { metrics } }: Call): Address | undefined {
  if (metrics === undefined) return undefined;
  const [, host = LOCAL, port] = /^(?:\[?([^[\]]+)\]?:)?(\d+)$/.exec(String(metrics)) ?? [];
  if (port !== undefined && Number(port) <= 65_535) return { host, port: Number(port) };
  throw new UsageError(`--metrics must be PORT or HOST:PORT, found ${metrics}`);
}

/**
 * Answers Prometheus, until the function returned is called.
 *
 * @throws GiveUpError if the address is in use, or is none of this machine
 */
export async function serveMetrics(
  { host, port }: Address,
  read: () => Promise<string>,
): Promise<() => Promise<void>> {
  const server = createServer(({ method, url }, response) => {
    if (url !== PATH || (method !== 'GET' && method !== 'HEAD')) response.writeHead(404).end();
    else void answer(response, read);
  });
  server.maxConnections = MOST_CONNECTIONS;
  const listening = once(server.listen(port, host), 'listening');
  await listening.catch(({ message }: Error) => {
    throw new GiveUpError(`no metrics at ${host}:${port}: ${message}`);
  });
  server.on('error', () => undefined);
  return async () => {
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  };
}

/** Never rejects. */
async function answer(response: ServerResponse, read: () => Promise<string>): Promise<void> {
  try {
    const text = await read();
    response.writeHead(200, { 'Content-Type': METRICS_TYPE }).end(text);
  } catch (error) {
    response.writeHead(500).end((error as Error).message);
  }
}
