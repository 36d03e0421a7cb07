import type { DatabaseRpc } from './database-rpc.ts';

/** Milliseconds between two looks, and how many in a row without an answer are too many: five minutes. */
const EVERY = 10_000;
const LOOKS = 30;

/**
 * Calls `onSilence` when a database that was asked gives no answer for long. Looks are counted, and not time: when this
 * process itself stood still, answers wait to be read.
 *
 * @returns ends it
 */
export function watch(
  rpc: Pick<DatabaseRpc, 'isWaiting' | 'answered'>,
  onSilence: () => void,
  every = EVERY,
): () => void {
  let answered = 0;
  let silent = 0;
  const timer = setInterval(() => {
    const isSilent = rpc.isWaiting() && rpc.answered() === answered;
    silent = isSilent ? silent + 1 : 0;
    answered = rpc.answered();
    if (silent >= LOOKS) onSilence();
  }, every);
  timer.unref();
  return () => clearInterval(timer);
}
