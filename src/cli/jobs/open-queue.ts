import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { sections } from '../../config/config.ts';
import { openStore, type Store } from '../../queue/store/store.ts';
import type { StoreOptions } from '../../queue/store/store-options.ts';
import type { Values } from '../../options/option.ts';
import { settledWithin } from '../../settled-within.ts';
import { validConfig, valuesOf } from '../read-file.ts';
import { DEFAULT_FILE, type Call, type VerbOption } from '../verb.ts';

/** The queue that a file names. */
export interface OpenQueue {
  store: Store;
  name: string;
}

/** What every verb of a queue is told. */
export const queueOptions: Record<string, VerbOption> = {
  config: {
    type: 'string',
    value: 'FILE',
    about: `the file that names the queue (default: ${DEFAULT_FILE})`,
  },
  'user-dir': { type: 'string', value: 'DIR', about: "Node-RED's user directory (default: ~/.node-red)" },
};

/** Milliseconds that a store may take to answer. */
const PATIENCE = 10_000;

/** Opens the queue, hands it to `work`, and closes it. */
export async function withQueue<T>(call: Call, work: (queue: OpenQueue) => Promise<T>): Promise<T> {
  const { options } = call;
  const { job_queue } = await validConfig(String(options['config'] ?? DEFAULT_FILE));
  const values = valuesOf(sections.job_queue, job_queue);
  const userDir = String(options['user-dir'] ?? join(homedir(), '.node-red'));
  const { queue_name: name } = values;
  let fail: (reason: Error) => void = () => undefined;
  const failed = new Promise<never>((_, reject) => (fail = reject));
  failed.catch(() => undefined);
  const store = openStore(storeOptions(values, userDir), {
    onWarning: (text) => call.warn(`fp-mqtt: ${text}\n`),
    // What needs a person does not mend while the command waits.
    onConnection: (connection) => connection.state === 'failed' && fail(new Error(connection.reason)),
  });
  try {
    await Promise.race([failed, answers(store, name)]);
    return await work({ store, name });
  } finally {
    await store.close();
  }
}

/** Rejects with the reason if the store does not answer. */
async function answers(store: Store, name: string): Promise<void> {
  const opening = store.queue(name);
  opening.catch(() => undefined);
  if (await settledWithin(PATIENCE, opening)) return void (await opening);
  const connection = store.connection();
  throw new Error(
    'reason' in connection ? connection.reason : `the store has not answered in ${PATIENCE / 1000} s`,
  );
}

function storeOptions(values: Values<typeof sections.job_queue>, userDir: string): StoreOptions {
  const { redis_url, prefix, postgres_url, schema, directory, username, password } = values;
  const login = { ...(username && { username }), ...(password && { password }) };
  switch (values.store) {
    case 'embedded': {
      const folder = directory || 'flowerpower';
      return { store: 'embedded', directory: isAbsolute(folder) ? folder : join(userDir, folder) };
    }
    case 'redis':
      return { store: 'redis', redis_url, prefix, ...login };
    case 'postgres':
      return { store: 'postgres', postgres_url, schema, ...login };
  }
}
