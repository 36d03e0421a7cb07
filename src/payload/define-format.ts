import { DecodeError, GiveUpError, InterruptedError } from '../base/errors.ts';
import { bounded } from './bounded.ts';
import { mapLeaves, type Leaf } from './map-leaves.ts';

/** One column of a table. */
interface Column {
  name: string;
  /** Arrow's name of the type, for instance `Timestamp<MICROSECOND, UTC>`. */
  type: string;
  nullable: boolean;
}

/** A decoded payload. */
export interface Decoded {
  payload: unknown;
  /** The columns of an Arrow table. */
  schema?: Column[];
}

/** Throws or rejects with a DecodeError if the payload has another format. */
export type Decode = (payload: Buffer) => Decoded | Promise<Decoded>;

/** The fixed parts of an error message about a payload in another format. */
interface Wording {
  /** For instance `not JSON`. */
  description: string;
  /** What the sender or the user can do. */
  remedy: string;
}

interface Format extends Wording {
  /** Parses the bytes to plain data. May throw any error. */
  read: (payload: Buffer) => unknown;
  /** Converts each value that is neither an array nor a plain object. Default: keeps it. */
  leaf?: Leaf;
}

/** Returns a function that reads a format: it checks the size of the result and turns errors into DecodeErrors. */
export function defineFormat({ read, leaf, ...wording }: Format): (payload: Buffer) => Decoded {
  return (payload) => {
    try {
      const value = bounded(read(payload), payload);
      return { payload: leaf ? mapLeaves(value, leaf) : value };
    } catch (cause) {
      throw wrongFormat(wording, payload, cause);
    }
  };
}

/** Wraps an error in a DecodeError. Returns errors that already name the cause, or that the payload did not cause. */
export function wrongFormat({ description, remedy }: Wording, payload: Buffer, cause: unknown): Error {
  if (cause instanceof GiveUpError || cause instanceof InterruptedError) return cause;
  const message = `the payload is ${description}: ${(cause as Error).message}: ${remedy}`;
  return new DecodeError(message, payload, { cause });
}
