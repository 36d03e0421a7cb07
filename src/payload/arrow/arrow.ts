import { findLibrary } from '../../load-library.ts';
import { bounded } from '../bounded.ts';
import type { Decoded } from '../decoded.ts';
import { mapLeaves } from '../map-leaves.ts';
import { refusal } from '../reader.ts';
import { DecodingProcess, LostError } from './decoding-process.ts';
import type { Answer } from './reader.ts';

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
  const decoding = new DecodingProcess();
  let last: Promise<unknown> = Promise.resolve();
  return {
    decode(payload) {
      findLibrary('apache-arrow');
      const decoded = last.then(() => decode(decoding, payload));
      last = decoded.catch(() => undefined);
      return decoded;
    },
    close: () => decoding.close(),
  };
}

async function decode(decoding: DecodingProcess, payload: Buffer): Promise<Decoded> {
  try {
    const { payload: rows, ...others } = found(await askTwice(decoding, payload));
    return { payload: mapLeaves(bounded(rows, payload), withBuffer), ...others };
  } catch (error) {
    throw refusal(OTHERWISE, payload, error);
  }
}

/** A process can end for reasons of its own; a payload that ends two is at fault. */
async function askTwice(decoding: DecodingProcess, payload: Buffer): Promise<Answer> {
  try {
    return await decoding.ask(payload);
  } catch (error) {
    if (error instanceof LostError) return decoding.ask(payload);
    throw error;
  }
}

function found(answer: Answer): Decoded {
  if ('found' in answer) return answer.found;
  throw new Error(answer.wrong);
}

/** Between processes bytes travel as plain arrays of bytes. */
function withBuffer(value: unknown): unknown {
  if (!(value instanceof Uint8Array)) return value;
  return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
}
