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
    // Python writes lone surrogates as UTF-8, which no reader of text accepts.
    return this.take(length).toString('utf8');
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
