/** The common part of all payload formats: results, their limits, conversion of values, errors. */
import { isDate, isMap, isSet, isUint8Array } from 'node:util/types';
import { DecodeError, GiveUpError, InterruptedError } from '../base/errors.ts';

/** Maximum levels of nesting. Node-RED clones messages recursively, and its stack overflows near 3000 levels. */
export const DEEPEST = 500;
/** Maximum number of values in a payload. References let a few bytes expand to billions of values. */
export const MOST_VALUES = 1_000_000;

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

/**
 * Returns the value if a flow can clone it: at most 500 levels and a million values. A value that is referenced twice
 * counts twice.
 *
 * @throws DecodeError if the value is larger
 */
export function bounded(value: unknown, payload: Buffer): unknown {
  let left = MOST_VALUES;
  // The containers of a level, with the number of references to each: each is looked at once.
  let level = new Map<object, number>(isContainer(value) ? [[value, 1]] : []);
  for (let depth = 0; level.size > 0; depth++) {
    if (depth === DEEPEST) throw tooLarge(`is nested more than ${DEEPEST} levels deep`, payload);
    const next = new Map<object, number>();
    for (const [container, times] of level) {
      const values = valuesOf(container);
      left -= values.length * times;
      if (left < 0) throw tooLarge(`has more than ${MOST_VALUES} values`, payload);
      for (const inner of values.filter(isContainer)) next.set(inner, (next.get(inner) ?? 0) + times);
    }
    level = next;
  }
  return value;
}

function tooLarge(reason: string, payload: Buffer): DecodeError {
  return new DecodeError(`the payload ${reason}: send less, or choose the format buffer`, payload);
}

function valuesOf(container: object): unknown[] {
  if (Array.isArray(container)) return container;
  if (isMap(container)) return [...container].flat();
  return isSet(container) ? [...container] : Object.values(container);
}

/** Asks the cheap questions first: a payload may have a million values. */
function isContainer(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  return Array.isArray(value) || isPlainObject(value) || (!isUint8Array(value) && !isDate(value));
}

/** Converts a value that is neither an array nor a plain object. */
type Leaf = (value: unknown) => unknown;

/** Copies plain data and converts each value that is neither an array nor a plain object. */
export function mapLeaves(value: unknown, leaf: Leaf): unknown {
  if (Array.isArray(value)) return value.map((inner) => mapLeaves(inner, leaf));
  if (!isPlainObject(value)) return leaf(value);
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, mapLeaves(inner, leaf)]));
}

function isPlainObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

/** Converts a bigint to a number if no digit is lost; returns other values unchanged. */
export function exactNumber(value: unknown): unknown {
  if (typeof value !== 'bigint') return value;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}
