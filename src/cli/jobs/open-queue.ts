import { homedir } from 'node:os';
import { join } from 'node:path';
import { validConfig, valuesIn } from '../../config/config-file.ts';
import { storeOptionsOf } from '../../engine/connect-options.ts';
import { NobodyThereError } from '../../base/local-socket.ts';
import { connectInspector } from '../../queue/inspect/inspector-socket.ts';
import { openInspector, type Inspector } from '../../queue/inspect/inspector.ts';
import type { StoreOptions } from '../../queue/store/store-options.ts';
import { openStore, type Store } from '../../queue/store/store.ts';
import { settledWithin } from '../../base/settled-within.ts';
import { DEFAULT_FILE, type Call, type VerbOption } from '../verb.ts';

/** The queue that a file names. */
export interface OpenQueue {
  name: string;
  inspector: Inspector;
}

export const userDirOption: VerbOption = {
  type: 'string',
  value: 'DIR',
  about: "Node-RED's user directory (default: ~/.node-red)",
};

/** What every verb of a queue is told. */
export const queueOptions: Record<string, VerbOption> = {
  config: {
    type: 'string',
    value: 'FILE',
    about: `the file that names the queue (default: ${DEFAULT_FILE})`,
  },
  'user-dir': userDirOption,
};

/** Milliseconds that a store may take to answer. */
const PATIENCE = 10_000;

/**
 * Hands the queue of the file to `work`. An embedded store that another process has open is reached through that one; any other
 * store is opened, and closed again.
 */
export async function withQueue<T>(call: Call, work: (queue: OpenQueue) => Promise<T>): Promise<T> {
  const { options } = call;
  const values = valuesIn.job_queue(await validConfig(String(options['config'] ?? DEFAULT_FILE)));
  const { queue_name: name } = values;
  const address = storeOptionsOf(values, userDirOf(call));
  if (address.store === 'embedded') {
    try {
      return await work({ name, inspector: connectInspector(address.directory, name) });
    } catch (error) {
      if (!(error instanceof NobodyThereError)) throw error;
    }
  }
  return withStore({ address, name, warn: call.warn }, (store) =>
    work({ name, inspector: openInspector(store, name) }),
  );
}

/** Node-RED's user directory: an embedded store is in there. */
export function userDirOf({ options }: Call): string {
  return String(options['user-dir'] ?? join(homedir(), '.node-red'));
}

interface Place {
  address: StoreOptions;
  /** The queue's name. */
  name: string;
  warn: Call['warn'];
}

async function withStore<T>({ address, name, warn }: Place, work: (store: Store) => Promise<T>): Promise<T> {
  let fail: (reason: Error) => void = () => undefined;
  const failed = new Promise<never>((_, reject) => (fail = reject));
  failed.catch(() => undefined);
  const store = openStore(address, {
    onWarning: (text) => warn(`fp-mqtt: ${text}\n`),
    // What needs a person does not mend while the command waits.
    onConnection: (connection) => connection.state === 'failed' && fail(new Error(connection.reason)),
  });
  try {
    await Promise.race([failed, answers(store, name)]);
    return await work(store);
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
