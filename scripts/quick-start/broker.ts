import { connect, createServer } from 'node:net';

/** A broker on a port of this machine: the one that answers there, or one in this process. */
export interface QuickStartBroker {
  /** It was started here, and it ends with `close`. */
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
