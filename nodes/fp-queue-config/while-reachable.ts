import { InterruptedError, StoreUnavailableError, type Connection } from '../../src/index.ts';
import type { Users } from '../config-node.ts';

interface Reach {
  users: Users;
  /** Aborts when the config node closes. */
  closing: AbortSignal;
}

/**
 * Settles like `work`, but does not wait for a store that is unreachable.
 *
 * @throws StoreUnavailableError if the store is unreachable, or becomes so meanwhile
 * @throws InterruptedError if the config node closes first
 */
export function whileReachable<T>({ users, closing }: Reach, work: () => Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const working = work();
    const onClosing = () => end(() => reject(new InterruptedError('the queue was closed: try again')));
    const onConnection = (connection: Connection) => {
      if (connection.state !== 'waiting' && connection.state !== 'failed') return;
      end(() => reject(new StoreUnavailableError(`the store is unreachable: ${connection.reason}`)));
    };
    let release: (() => void) | undefined;
    let isEnded = false;
    const end = (settle: () => void) => {
      isEnded = true;
      closing.removeEventListener('abort', onClosing);
      release?.();
      settle();
    };
    closing.addEventListener('abort', onClosing);
    // Calls the listener immediately.
    release = users.add(onConnection);
    if (isEnded) release();
    working.then(
      (found) => end(() => resolve(found)),
      (error: Error) => end(() => reject(error)),
    );
  });
}
