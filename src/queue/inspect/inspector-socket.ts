/** An embedded database belongs to one process: other processes look into its queues through that one. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { OptionsError } from '../../base/errors.ts';
import { answerCalls, call } from '../../base/local-socket.ts';
import type { Inspector } from './inspector.ts';

/** A queue of an embedded store that this process has open. */
interface Offer {
  /** Folder of the store. */
  directory: string;
  queue: string;
  inspector: Inspector;
  /** Hears why other processes cannot reach it. */
  onError: (error: Error) => void;
}

/** Offers a queue to the other processes of this user, until the function returned is called. */
export function offerInspector({ directory, queue, inspector, onError }: Offer): () => Promise<void> {
  const answer = async (method: string, given: unknown) => {
    if (!Object.hasOwn(inspector, method)) throw new OptionsError([`there is no action ${method}`]);
    return inspector[method as keyof Inspector](given as never);
  };
  return answerCalls(socketPath(directory, queue), answer, onError);
}

/** The inspector of a queue whose embedded store another process has open; a call rejects with NobodyThereError if none has. */
export function connectInspector(directory: string, queue: string): Inspector {
  const path = socketPath(directory, queue);
  const action = (method: keyof Inspector) => (given?: unknown) => call(path, method, given);
  return {
    state: action('state') as Inspector['state'],
    counts: action('counts') as Inspector['counts'],
    list: action('list') as Inspector['list'],
    groups: action('groups') as Inspector['groups'],
    history: action('history') as Inspector['history'],
    show: action('show') as Inspector['show'],
    workers: action('workers') as Inspector['workers'],
    retry: action('retry') as Inspector['retry'],
    retryEdited: action('retryEdited') as Inspector['retryEdited'],
    retryAll: action('retryAll') as Inspector['retryAll'],
    runNow: action('runNow') as Inspector['runNow'],
    cancel: action('cancel') as Inspector['cancel'],
    remove: action('remove') as Inspector['remove'],
    removeAll: action('removeAll') as Inspector['removeAll'],
    empty: action('empty') as Inspector['empty'],
    pause: action('pause') as Inspector['pause'],
    resume: action('resume') as Inspector['resume'],
    schedules: action('schedules') as Inspector['schedules'],
    removeSchedule: action('removeSchedule') as Inspector['removeSchedule'],
  };
}

/** A queue's name may be longer than a socket's path. */
function socketPath(directory: string, queue: string): string {
  const mark = createHash('sha256').update(queue).digest('hex').slice(0, 8);
  return join(directory, 'sockets', mark);
}
