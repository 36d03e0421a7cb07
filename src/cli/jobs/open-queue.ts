import { validConfig, valuesIn } from '../../config/config-file.ts';
import { DEFAULT_USER_DIR, storeOptionsOf } from '../../engine/connect-options.ts';
import { NobodyThereError } from '../../base/local-socket.ts';
import { connectInspector } from '../../queue/inspect/inspector-socket.ts';
import type { Inspector } from '../../queue/inspect/inspector.ts';
import { openQueue, type OpenQueue as Opened } from '../../queue/open-queue.ts';
import { readPickle } from '../../payload/pickle/pickle.ts';
import type { RqOptions } from '../../queue/rq/rq-options.ts';
import type { StoreOptions } from '../../queue/store/store-options.ts';
import { openStore, type Store, type StoreListeners } from '../../queue/store/store.ts';
import { settledWithin } from '../../base/settled-within.ts';
import { DEFAULT_FILE, UsageError, type Call, type VerbOption } from '../verb.ts';

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
  return withOpened({ address, name, warn: call.warn }, ({ inspector }) => work({ name, inspector }));
}

/** Node-RED's user directory: an embedded store is in there. */
export function userDirOf({ options }: Call): string {
  return String(options['user-dir'] ?? DEFAULT_USER_DIR);
}

interface Place {
  address: StoreOptions | RqOptions;
  /** The queue's name. */
  name: string;
  warn: Call['warn'];
}

function withOpened<T>({ address, name, warn }: Place, work: (queue: Opened) => Promise<T>): Promise<T> {
  const open = (listeners: StoreListeners) =>
    openQueue(address, { queue: { queue_name: name }, readPickle, listeners });
  return whileOpen({ open, answers: (queue) => queue.answers(), warn }, work);
}

/** Hands the store of the file to `work`; no other process may have an embedded one open. */
export async function withStore<T>(call: Call, work: (store: Store) => Promise<T>): Promise<T> {
  const values = valuesIn.job_queue(await validConfig(String(call.options['config'] ?? DEFAULT_FILE)));
  const address = storeOptionsOf(values, userDirOf(call));
  if (address.store === 'rq')
    throw new UsageError('jobs of RQ cannot be exported: copy the file that Redis writes');
  const open = (listeners: StoreListeners) => openStore(address, listeners);
  return whileOpen({ open, answers: (store) => store.transfer(), warn: call.warn }, work);
}

interface Opening<O> {
  open: (listeners: StoreListeners) => O;
  answers: (opened: O) => Promise<unknown>;
  warn: Call['warn'];
}

/** Opens something that connects in the background, and closes it after the work. */
async function whileOpen<O extends Pick<Store, 'connection' | 'close'>, T>(
  { open, answers, warn }: Opening<O>,
  work: (opened: O) => Promise<T>,
): Promise<T> {
  let fail: (reason: Error) => void = () => undefined;
  const failed = new Promise<never>((_, reject) => (fail = reject));
  failed.catch(() => undefined);
  const opened = open({
    onWarning: (text) => warn(`fp-mqtt: ${text}\n`),
    // What needs a person does not mend while the command waits.
    onConnection: (connection) => connection.state === 'failed' && fail(new Error(connection.reason)),
  });
  try {
    await Promise.race([failed, untilAnswered(opened, answers(opened))]);
    return await work(opened);
  } finally {
    await opened.close();
  }
}

/** Rejects with the reason if the store does not answer. */
async function untilAnswered(
  { connection }: Pick<Store, 'connection'>,
  opening: Promise<unknown>,
): Promise<void> {
  opening.catch(() => undefined);
  if (await settledWithin(PATIENCE, opening)) return void (await opening);
  const state = connection();
  throw new Error('reason' in state ? state.reason : `the store has not answered in ${PATIENCE / 1000} s`);
}
