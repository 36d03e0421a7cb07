import { isUtf8 } from 'node:buffer';

/** Reads a pickle's bytes one after the other; throws an Error when they end too early. */
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
    if (length > this.left || length < 0) throw new Error('it ends too early');
    const start = this.#at;
    this.#at += Number(length);
    return this.#buffer.subarray(start, this.#at);
  }

  /** A copy: the payload's own bytes must not be held by a small part of them. */
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

  /** Text up to a line feed, each byte one character. */
  line(): string {
    const end = this.#buffer.indexOf(0x0a, this.#at);
    if (end < 0) throw new Error('it ends too early');
    const line = this.take(end - this.#at).toString('latin1');
    this.#at++;
    return line;
  }

  /** An integer of any length in two's complement, little-endian. */
  bigint(length: number): bigint {
    const bytes = Buffer.from(this.take(length).toReversed());
    return bytes.length === 0 ? 0n : BigInt.asIntN(bytes.length * 8, BigInt(`0x${bytes.toString('hex')}`));
  }
}

/** Python writes lone surrogates in three bytes as if they were letters, which no reader of UTF-8 accepts. */
function withSurrogates(bytes: Buffer): string {
  const parts = bytes.toString('latin1').split(/(\xed[\xa0-\xbf][\x80-\xbf])/);
  return parts.map((part, i) => (i % 2 === 1 ? surrogate : strictText)(Buffer.from(part, 'latin1'))).join('');
}

function surrogate(bytes: Buffer): string {
  const [, high = 0, low = 0] = bytes;
  return String.fromCharCode(0xd000 | ((high & 0x3f) << 6) | (low & 0x3f));
}

function strictText(bytes: Buffer): string {
  if (!isUtf8(bytes)) throw new Error('a text in it is not UTF-8');
  return bytes.toString('utf8');
}
