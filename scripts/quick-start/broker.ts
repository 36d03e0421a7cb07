import { connect, createServer } from 'node:net';

/** A broker on a local port: an existing one, or one in this process. */
export interface QuickStartBroker {
  /** It was started in this process, and `close` ends it. */
  own: boolean;
  close(): Promise<void>;
}

export async function openBroker(port: number): Promise<QuickStartBroker> {
  if (await answers(port)) return { own: false, close: async () => {} };
  const { Aedes } = await import('aedes');
  const aedes = await Aedes.createBroker();
  const server = createServer(aedes.handle);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    own: true,
    async close() {
      await new Promise<void>((resolve) => aedes.close(resolve));
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    const finish = (open: boolean) => {
      socket.destroy();
      resolve(open);
    };
    socket.once('connect', () => finish(true));
    socket.once('error', () => finish(false));
  });
}
