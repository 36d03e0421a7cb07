import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A TCP proxy that can cut its connections and slow them down. */
export interface Proxy {
  port: number;
  /** Resets every connection; new ones work. */
  cut(): void;
  /** Delay of the data in milliseconds, in both directions. */
  latency: number;
  close(): Promise<void>;
}

/** Observes the data of a connection. */
export interface Watch {
  fromClient: (data: Buffer) => void;
  fromTarget: (data: Buffer) => void;
}

/** Opens a proxy; `watch` is called for each connection with its number from 1. */
export async function openProxy(target: () => number, watch?: (connection: number) => Watch): Promise<Proxy> {
  const sockets = new Set<Socket>();
  let connections = 0;
  const server = createServer((client) => {
    const seen = watch?.(++connections);
    const upstream = connect({ port: target(), host: '127.0.0.1' });
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => undefined);
    }
    const end = () => {
      for (const socket of [client, upstream]) {
        sockets.delete(socket);
        socket.destroy();
      }
    };
    client.on('close', end);
    upstream.on('close', end);
    const forward = (to: Socket) => {
      const delayed: Buffer[] = [];
      return (data: Buffer) => {
        if (proxy.latency === 0 && delayed.length === 0) return void to.write(data);
        delayed.push(data);
        // The oldest: with a latency that has become less, newer data would overtake it.
        setTimeout(() => to.write(delayed.shift() ?? ''), proxy.latency);
      };
    };
    client.on('data', forward(upstream));
    upstream.on('data', forward(client));
    if (seen) client.on('data', seen.fromClient);
    if (seen) upstream.on('data', seen.fromTarget);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const proxy: Proxy = {
    port: (server.address() as AddressInfo).port,
    latency: 0,
    cut() {
      for (const socket of sockets) socket.resetAndDestroy();
    },
    async close() {
      proxy.cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return proxy;
}
