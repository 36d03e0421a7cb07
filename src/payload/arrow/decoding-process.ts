import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { bareEnvironment } from '../../bare-environment.ts';
import { InterruptedError, PostponedError } from '../../errors.ts';
import type { Answer } from './reader.ts';

/** Milliseconds. */
const START_TIME = 60_000;
const DECODE_TIME = 5000;
const MEGABYTES = 256;

/** The process ended, for whatever reason. */
export class LostError extends Error {
  override name = 'LostError';
}

/** The process that decodes Arrow: it starts with the first payload, and again after it has ended. */
export class DecodingProcess {
  #child: Promise<ChildProcess> | undefined;
  #isClosed = false;

  /**
   * What it answers; one payload at a time.
   *
   * @throws LostError when it ends meanwhile, InterruptedError when that is no fault of the payload, Error when it takes
   * too long
   */
  async ask(payload: Buffer): Promise<Answer> {
    const child = await this.#running();
    // What cannot be reached is not waited for.
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
    // Without memory it throws.
    child = forkProcess();
    await answerOf(child, START_TIME);
    return child;
  } catch (error) {
    if (child) kill(child);
    throw new PostponedError(1000, `Arrow's process cannot be started: ${(error as Error).message}`);
  }
}

function forkProcess(): ChildProcess {
  const child = fork(join(__dirname, 'process.js'), {
    serialization: 'advanced',
    env: bareEnvironment(),
    execArgv: [`--max-old-space-size=${MEGABYTES}`],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  // Whoever waits for an answer hears of it.
  child.on('error', () => undefined);
  // It ends with this process, and does not keep it alive.
  child.unref();
  child.channel?.unref();
  return child;
}

/** The next message of the process; rejects when it ends first, or takes too long. */
async function answerOf(child: ChildProcess, longest: number): Promise<unknown> {
  const waiting = new AbortController();
  const { signal } = waiting;
  const ended = once(child, 'exit', { signal }).then(() =>
    Promise.reject(new LostError('the process that reads it ended')),
  );
  const timer = setTimeout(() => waiting.abort(), longest);
  try {
    const [answer] = (await Promise.race([once(child, 'message', { signal }), ended])) as [unknown];
    return answer;
  } catch (error) {
    throw signal.aborted ? new Error(`the process that reads it takes more than ${longest / 1000} s`) : error;
  } finally {
    clearTimeout(timer);
    waiting.abort();
    ended.catch(() => undefined);
  }
}

function kill(child: ChildProcess): void {
  child.kill('SIGKILL');
}
