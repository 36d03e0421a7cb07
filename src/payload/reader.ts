import { DecodeError, GiveUpError, InterruptedError } from '../errors.ts';
import { bounded } from './bounded.ts';
import type { Decoded } from './decoded.ts';
import { mapLeaves, type Leaf } from './map-leaves.ts';

/** What is said of a payload that is of another format. */
export interface Refusal {
  /** What it is, for instance `not JSON`. */
  otherwise: string;
  /** What to do then. */
  remedy: string;
}

interface Format extends Refusal {
  /** Makes plain data of the bytes; may throw anything. */
  read: (payload: Buffer) => unknown;
  /** What becomes of each value that holds no others. Default: it stays as it is. */
  leaf?: Leaf;
}

/** Makes the function that reads a format: what it gives is bounded, and what goes wrong is a DecodeError. */
export function reader({ read, leaf, ...otherwise }: Format): (payload: Buffer) => Decoded {
  return (payload) => {
    try {
      const value = bounded(read(payload), payload);
      return { payload: leaf ? mapLeaves(value, leaf) : value };
    } catch (cause) {
      throw refusal(otherwise, payload, cause);
    }
  };
}

/** The DecodeError that says why a payload cannot be read; what is no fault of the payload, or says all that, stays. */
export function refusal({ otherwise, remedy }: Refusal, payload: Buffer, cause: unknown): Error {
  if (cause instanceof GiveUpError || cause instanceof InterruptedError) return cause;
  const words = `the payload is ${otherwise}: ${(cause as Error).message}: ${remedy}`;
  return new DecodeError(words, payload, { cause });
}
