import { isUtf8 } from 'node:buffer';

/** Reads a pickle's bytes in order; throws an Error if it is truncated. */
export class Bytes {
  readonly #buffer: Buffer;
  #at = 0;

  constructor(buffer: Buffer) {
    this.#buffer = buffer;
  }

  get left(): number {
    return this.#buffer.length - this.#at;
  }

  take(length: number | bigint): Buffer {
    if (length > this.left || length < 0) throw new Error('it is truncated');
    const start = this.#at;
    this.#at += Number(length);
    return this.#buffer.subarray(start, this.#at);
  }

  /** Copies the bytes: a slice would keep the whole payload in memory. */
  copy(length: number | bigint): Buffer {
    return Buffer.from(this.take(length));
  }

  uint(size: 1 | 2 | 4): number {
    return this.take(size).readUIntLE(0, size);
  }

  int32(): number {
    return this.take(4).readInt32LE();
  }

  uint64(): bigint {
    return this.take(8).readBigUInt64LE();
  }

  float(): number {
    return this.take(8).readDoubleBE();
  }

  utf8(length: number | bigint): string {
    const bytes = this.take(length);
    return isUtf8(bytes) ? bytes.toString('utf8') : withSurrogates(bytes);
  }

  /** Reads Latin-1 text up to a line feed. */
  line(): string {
    const end = this.#buffer.indexOf(0x0a, this.#at);
    if (end < 0) throw new Error('it is truncated');
    const line = this.take(end - this.#at).toString('latin1');
    this.#at++;
    return line;
  }

  /** Reads a little-endian integer of any length in two's complement. */
  bigint(length: number): bigint {
    const bytes = Buffer.from(this.take(length).toReversed());
    return bytes.length === 0 ? 0n : BigInt.asIntN(bytes.length * 8, BigInt(`0x${bytes.toString('hex')}`));
  }
}

/** Decodes Python's `surrogatepass`: it writes lone surrogates as three bytes, which strict UTF-8 decoders reject. */
function withSurrogates(bytes: Buffer): string {
  const parts = bytes.toString('latin1').split(/(\xed[\xa0-\xbf][\x80-\xbf])/);
  return parts.map((part, i) => (i % 2 === 1 ? surrogate : strictText)(Buffer.from(part, 'latin1'))).join('');
}

function surrogate(bytes: Buffer): string {
  const [, high = 0, low = 0] = bytes;
  return String.fromCharCode(0xd000 | ((high & 0x3f) << 6) | (low & 0x3f));
}

function strictText(bytes: Buffer): string {
  if (!isUtf8(bytes)) throw new Error('a text is not UTF-8');
  return bytes.toString('utf8');
}
