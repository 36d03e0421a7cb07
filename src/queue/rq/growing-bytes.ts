const FIRST_SIZE = 512;

/** Bytes that are written one after the other into a buffer that grows; throws a RangeError beyond `limit` bytes. */
export class GrowingBytes {
  readonly #limit: number;
  #buffer = Buffer.allocUnsafe(FIRST_SIZE);
  #length = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** The bytes so far; valid until the next one is written. */
  written(): Buffer {
    return this.#buffer.subarray(0, this.#length);
  }

  byte(value: number): void {
    this.#reserve(1);
    this.#buffer[this.#length++] = value;
  }

  uint32(value: number): void {
    this.#reserve(4);
    this.#length = this.#buffer.writeUInt32LE(value, this.#length);
  }

  int32(value: number): void {
    this.#reserve(4);
    this.#length = this.#buffer.writeInt32LE(value, this.#length);
  }

  float(value: number): void {
    this.#reserve(8);
    this.#length = this.#buffer.writeDoubleBE(value, this.#length);
  }

  bytes(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#buffer.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** Text in UTF-8, of which the caller knows the length in bytes. */
  text(text: string, length: number): void {
    this.#reserve(length);
    this.#length += this.#buffer.write(text, this.#length, length, 'utf8');
  }

  #reserve(more: number): void {
    const needed = this.#length + more;
    if (needed > this.#limit) throw new RangeError(`more than ${this.#limit} bytes`);
    if (needed <= this.#buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(needed, 2 * this.#buffer.length));
    this.written().copy(larger);
    this.#buffer = larger;
  }
}
