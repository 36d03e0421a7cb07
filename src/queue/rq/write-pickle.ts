import { isDate, isUint8Array } from 'node:util/types';
import { className, isPlain } from '../../values/encode-value.ts';
import { SerializeError } from '../../base/errors.ts';
import { GrowingBytes } from './growing-bytes.ts';
import { wholeNumberBytes } from './whole-number-bytes.ts';

/** Python's tuple; a plain array becomes a list. */
export class Tuple {
  readonly items: readonly unknown[];

  constructor(...items: unknown[]) {
    this.items = items;
  }
}

/** Opcodes of protocol 4, as Python's `pickletools` names them. */
const PROTO = 0x80;
const STOP = 0x2e;
const MARK = 0x28;
const NONE = 0x4e;
const NEWTRUE = 0x88;
const NEWFALSE = 0x89;
const BININT = 0x4a;
const BININT1 = 0x4b;
const LONG1 = 0x8a;
const LONG4 = 0x8b;
const BINFLOAT = 0x47;
const SHORT_BINUNICODE = 0x8c;
const BINUNICODE = 0x58;
const SHORT_BINBYTES = 0x43;
const BINBYTES = 0x42;
const EMPTY_LIST = 0x5d;
const APPENDS = 0x65;
const EMPTY_DICT = 0x7d;
const SETITEMS = 0x75;
const TUPLE = 0x74;

const PROTOCOL = 4;
const DEEPEST = 100;
const LARGEST_INT32 = 0x7fff_ffff;
const LONE_SURROGATE = /\p{Surrogate}/u;

/** Keys and indices from the value to one within it. */
export type Path = readonly (string | number)[];

/** How a value is written. */
export interface WriteOptions {
  /** Most bytes. */
  limit: number;
  /** Names a place in errors. */
  placeOf: (path: Path) => string;
}

/**
 * Writes a value as a pickle of protocol 4, which Python 3.4 and newer read (https://peps.python.org/pep-3154/).
 *
 * null and undefined become None; booleans, texts and bigints what they are in Python; whole numbers up to 2^53 int, all
 * others float; Buffers and other Uint8Arrays bytes; dates ISO 8601 text; arrays lists, plain objects dicts, in which
 * `undefined` is left out.
 *
 * @throws SerializeError for a value of another kind, a loop, more than 100 levels or too many bytes; it names the path
 */
export function writePickle(value: unknown, options: WriteOptions): Buffer {
  return new PickleWriter(options).write(value);
}

class PickleWriter {
  readonly #limit: number;
  readonly #placeOf: WriteOptions['placeOf'];
  readonly #bytes: GrowingBytes;
  /** To the value at hand. */
  readonly #path: (string | number)[] = [];
  readonly #holders: object[] = [];

  constructor({ limit, placeOf }: WriteOptions) {
    this.#limit = limit;
    this.#placeOf = placeOf;
    this.#bytes = new GrowingBytes(limit);
  }

  write(value: unknown): Buffer {
    try {
      this.#bytes.byte(PROTO);
      this.#bytes.byte(PROTOCOL);
      this.#value(value);
      this.#bytes.byte(STOP);
      return this.#bytes.written();
    } catch (error) {
      if (error instanceof SerializeError) throw error;
      if (error instanceof RangeError) throw this.#refusal(this.#tooLarge());
      throw this.#refusal(`reading it failed: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  #value(value: unknown): void {
    switch (typeof value) {
      case 'string':
        return this.#text(value);
      case 'number':
        return this.#number(value);
      case 'bigint':
        return this.#integer(value);
      case 'boolean':
        return this.#bytes.byte(value ? NEWTRUE : NEWFALSE);
      case 'undefined':
        return this.#bytes.byte(NONE);
      case 'object':
        return value === null ? this.#bytes.byte(NONE) : this.#object(value);
      case 'function':
      case 'symbol':
      default:
        throw this.#refusal(`it is a ${typeof value}`);
    }
  }

  #number(number: number): void {
    if (!Number.isSafeInteger(number) || Object.is(number, -0)) {
      this.#bytes.byte(BINFLOAT);
      this.#bytes.float(number);
    } else if (number >= 0 && number < 256) {
      this.#bytes.byte(BININT1);
      this.#bytes.byte(number);
    } else if (Math.abs(number) <= LARGEST_INT32) {
      this.#bytes.byte(BININT);
      this.#bytes.int32(number);
    } else {
      this.#integer(BigInt(number));
    }
  }

  #integer(integer: bigint): void {
    const bytes = wholeNumberBytes(integer, this.#limit);
    this.#head(bytes.length, LONG1, LONG4);
    this.#bytes.bytes(bytes);
  }

  #text(text: string): void {
    const isPaired = !LONE_SURROGATE.test(text);
    const bytes = isPaired ? undefined : surrogatePass(text);
    const length = bytes?.length ?? Buffer.byteLength(text);
    this.#head(length, SHORT_BINUNICODE, BINUNICODE);
    if (bytes) this.#bytes.bytes(bytes);
    else this.#bytes.text(text, length);
  }

  #object(object: object): void {
    if (isUint8Array(object)) return this.#binary(object);
    if (isDate(object)) return this.#date(object);
    if (this.#holders.includes(object)) throw this.#refusal('it holds itself');
    if (this.#holders.length > DEEPEST) throw this.#refusal(`it lies more than ${DEEPEST} levels deep`);
    this.#holders.push(object);
    if (object instanceof Tuple) this.#tuple(object);
    else if (Array.isArray(object)) this.#list(object);
    else this.#dict(object);
    this.#holders.pop();
  }

  #binary(bytes: Uint8Array): void {
    this.#head(bytes.length, SHORT_BINBYTES, BINBYTES);
    this.#bytes.bytes(bytes);
  }

  #date(date: Date): void {
    if (Number.isNaN(date.getTime())) throw this.#refusal('it is an invalid date');
    this.#text(date.toISOString());
  }

  #tuple({ items }: Tuple): void {
    this.#bytes.byte(MARK);
    this.#items(items);
    this.#bytes.byte(TUPLE);
  }

  #list(items: unknown[]): void {
    this.#bytes.byte(EMPTY_LIST);
    if (items.length === 0) return;
    this.#bytes.byte(MARK);
    this.#items(items);
    this.#bytes.byte(APPENDS);
  }

  #items(items: readonly unknown[]): void {
    // Holes of a sparse array count as undefined, so no method that skips them.
    for (let index = 0; index < items.length; index++) {
      this.#path.push(index);
      this.#value(items[index]);
      this.#path.pop();
    }
  }

  #dict(object: object): void {
    if (!isPlain(object)) throw this.#refusal(`it is an instance of ${className(object)}`);
    const entries = Object.entries(object).filter(([, value]) => value !== undefined);
    this.#bytes.byte(EMPTY_DICT);
    if (entries.length === 0) return;
    this.#bytes.byte(MARK);
    for (const [key, value] of entries) {
      this.#path.push(key);
      this.#text(key);
      this.#value(value);
      this.#path.pop();
    }
    this.#bytes.byte(SETITEMS);
  }

  /** The opcode and the length: one byte if it fits, else four. */
  #head(length: number, short: number, long: number): void {
    if (length > this.#limit) throw this.#refusal(this.#tooLarge());
    if (length < 256) {
      this.#bytes.byte(short);
      this.#bytes.byte(length);
    } else {
      this.#bytes.byte(long);
      this.#bytes.uint32(length);
    }
  }

  #tooLarge(): string {
    return `with it there are more than ${this.#limit} bytes: send less, or only where the data can be found`;
  }

  #refusal(reason: string): SerializeError {
    return new SerializeError(this.#placeOf(this.#path), reason);
  }
}

/** Python's "surrogatepass": a lone surrogate in three bytes, as its pickles have it. */
function surrogatePass(text: string): Buffer {
  const parts = text.split(/(\p{Surrogate})/u).map((part) => {
    const code = part.charCodeAt(0);
    if (part.length !== 1 || code < 0xd800 || code > 0xdfff) return Buffer.from(part);
    return Buffer.from([0xe0 | (code >> 12), 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f)]);
  });
  return Buffer.concat(parts);
}
