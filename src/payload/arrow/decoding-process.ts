import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterReading } from '../../base/after-reading.ts';
import { bareEnvironment } from '../../base/bare-environment.ts';
import { InterruptedError, PostponedError } from '../../base/errors.ts';
import type { Answer } from './decoding-thread.ts';

/** Milliseconds. */
const START_TIME = 60_000;
const DECODE_TIME = 5000;
const MEGABYTES = 256;

/** The process ended before it answered. */
export class LostError extends Error {
  override name = 'LostError';
}

/** Manages the process that decodes Arrow: starts it with the first payload, and again after it has ended. */
export class DecodingProcess {
  #child: Promise<ChildProcess> | undefined;
  #isClosed = false;

  /**
   * Sends a payload and returns the answer. The caller sends one payload at a time.
   *
   * @throws LostError if the process ends first, InterruptedError if the process cannot start or was closed, Error
   * after 5 seconds
   */
  async ask(payload: Buffer): Promise<Answer> {
    const child = await this.#running();
    // If the payload cannot be sent, kill the process instead of waiting for an answer.
    child.send(payload, (error) => error && kill(child));
    try {
      return (await answerOf(child, DECODE_TIME)) as Answer;
    } catch (error) {
      kill(child);
      throw error;
    }
  }

  close(): void {
    this.#isClosed = true;
    void this.#child?.then(kill, () => undefined);
  }

  async #running(): Promise<ChildProcess> {
    if (this.#isClosed) throw new InterruptedError('the decoder was closed');
    this.#child ??= this.#start();
    return this.#child;
  }

  async #start(): Promise<ChildProcess> {
    const forget = () => (this.#child = undefined);
    try {
      const child = await start();
      child.once('exit', forget);
      return child;
    } catch (error) {
      forget();
      throw error;
    }
  }
}

async function start(): Promise<ChildProcess> {
  let child: ChildProcess | undefined;
  try {
    // fork() throws if memory is short.
    child = forkProcess();
    await answerOf(child, START_TIME);
    return child;
  } catch (error) {
    if (child) kill(child);
    throw new PostponedError(1000, `the Arrow decoder cannot start: ${(error as Error).message}`);
  }
}

function forkProcess(): ChildProcess {
  const child = fork(join(__dirname, 'process.js'), {
    serialization: 'advanced',
    env: bareEnvironment(),
    execArgv: [`--max-old-space-size=${MEGABYTES}`],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  // answerOf() reports errors; without a listener here, Node.js would exit.
  child.on('error', () => undefined);
  // The child must not keep this process alive.
  child.unref();
  child.channel?.unref();
  return child;
}

/** Returns the next message of the process; rejects if the process ends first or after `longest` ms. */
async function answerOf(child: ChildProcess, longest: number): Promise<unknown> {
  const waiting = new AbortController();
  const { signal } = waiting;
  const ended = once(child, 'exit', { signal }).then(() =>
    Promise.reject(new LostError('the decoding process ended')),
  );
  const stopWaiting = afterReading(longest, () => waiting.abort());
  try {
    const [answer] = (await Promise.race([once(child, 'message', { signal }), ended])) as [unknown];
    return answer;
  } catch (error) {
    throw signal.aborted ? new Error(`decoding takes more than ${longest / 1000} s`) : error;
  } finally {
    stopWaiting();
    waiting.abort();
    ended.catch(() => undefined);
  }
}

function kill(child: ChildProcess): void {
  child.kill('SIGKILL');
}
