import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { DecodeError } from '../../errors.ts';
import { findLibrary } from '../../load-library.ts';
import { bounded } from '../bounded.ts';
import type { Decoded } from '../decoded.ts';
import { mapped } from '../mapped.ts';
import { refusal } from '../reader.ts';
import type { Answer } from './reader.ts';

/** Milliseconds. */
const START_TIME = 60_000;
const DECODE_TIME = 5000;
const MEGABYTES = 256;

const OTHERWISE = {
  otherwise: 'not Arrow',
  remedy: 'send an Arrow IPC stream or file, or choose another format',
};

/** Decodes Arrow payloads, one after the other. */
export interface ArrowDecoder {
  decode: (payload: Buffer) => Promise<Decoded>;
  close: () => void;
}

/**
 * Opens a decoder that works in a process of its own, which starts with the first payload: the library trusts the lengths
 * in a payload, and one that is damaged can take all time and memory.
 */
export function openArrow(): ArrowDecoder {
  let child: Promise<ChildProcess> | undefined;
  let last: Promise<unknown> = Promise.resolve();

  const decodeNext = async (payload: Buffer): Promise<Decoded> => {
    child ??= start();
    try {
      return await ask(await child, payload);
    } catch (error) {
      if (error instanceof DecodeError) throw error;
      void child.then(kill, () => undefined);
      child = undefined;
      throw refusal(OTHERWISE, payload, error);
    }
  };

  return {
    decode(payload) {
      findLibrary('apache-arrow');
      const decoding = last.then(() => decodeNext(payload));
      last = decoding.catch(() => undefined);
      return decoding;
    },
    close() {
      void child?.then(kill, () => undefined);
      child = undefined;
    },
  };
}

async function start(): Promise<ChildProcess> {
  const child = fork(join(__dirname, 'process.js'), {
    serialization: 'advanced',
    execArgv: [`--max-old-space-size=${MEGABYTES}`],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  // It ends with this process, and does not keep it alive.
  child.unref();
  child.channel?.unref();
  await answerOf(child, START_TIME);
  return child;
}

async function ask(child: ChildProcess, payload: Buffer): Promise<Decoded> {
  child.send(payload);
  const answer = (await answerOf(child, DECODE_TIME)) as Answer;
  if ('wrong' in answer) throw refusal(OTHERWISE, payload, new Error(answer.wrong));
  const { payload: rows, ...others } = answer.found;
  return { payload: mapped(bounded(rows, payload), withBuffer), ...others };
}

/** The next message of the process; rejects when it ends or takes too long. */
async function answerOf(child: ChildProcess, longest: number): Promise<unknown> {
  const waiting = new AbortController();
  const { signal } = waiting;
  const ended = once(child, 'exit', { signal }).then(() =>
    Promise.reject(new Error('reading it ended in a crash')),
  );
  const timer = setTimeout(() => waiting.abort(), longest);
  try {
    const [answer] = (await Promise.race([once(child, 'message', { signal }), ended])) as [unknown];
    return answer;
  } catch (error) {
    throw signal.aborted ? new Error(`reading it takes more than ${longest / 1000} s`) : error;
  } finally {
    clearTimeout(timer);
    waiting.abort();
    ended.catch(() => undefined);
  }
}

/** Between processes bytes travel as plain arrays of bytes. */
function withBuffer(value: unknown): unknown {
  if (!(value instanceof Uint8Array)) return value;
  return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
}

function kill(child: ChildProcess): void {
  child.kill('SIGKILL');
}
