import { findLibrary } from '../../base/load-library.ts';
import { oneAtATime } from '../../base/one-at-a-time.ts';
import { bounded, mapLeaves, wrongFormat, type Decoded } from '../define-format.ts';
import { DecodingProcess, LostError } from './decoding-process.ts';
import type { Answer } from './decoding-thread.ts';

const WORDING = {
  description: 'not Arrow',
  remedy: 'send an Arrow IPC stream or file, or choose another format',
};

/** Decodes Arrow payloads one at a time. */
export interface ArrowDecoder {
  decode: (payload: Buffer) => Promise<Decoded>;
  close: () => void;
}

/**
 * Opens a decoder. It decodes in a separate process, started by the first payload: the library trusts the lengths in a
 * payload, so a damaged one can use all CPU time and memory.
 */
export function openArrow(): ArrowDecoder {
  const decoding = new DecodingProcess();
  const inOrder = oneAtATime();
  return {
    decode(payload) {
      findLibrary('apache-arrow');
      return inOrder(() => decode(decoding, payload));
    },
    close: () => decoding.close(),
  };
}

async function decode(decoding: DecodingProcess, payload: Buffer): Promise<Decoded> {
  try {
    const { payload: rows, ...others } = decodedOf(await askTwice(decoding, payload));
    return { payload: mapLeaves(bounded(rows, payload), withBuffer), ...others };
  } catch (error) {
    throw wrongFormat(WORDING, payload, error);
  }
}

/** Retries once in a new process: the payload is only at fault if it ends two processes. */
async function askTwice(decoding: DecodingProcess, payload: Buffer): Promise<Answer> {
  try {
    return await decoding.ask(payload);
  } catch (error) {
    if (error instanceof LostError) return decoding.ask(payload);
    throw error;
  }
}

function decodedOf(answer: Answer): Decoded {
  if ('decoded' in answer) return answer.decoded;
  throw new Error(answer.error);
}

/** Restores Buffers, which arrive as a Uint8Array from another process. */
function withBuffer(value: unknown): unknown {
  if (!(value instanceof Uint8Array)) return value;
  return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
}
