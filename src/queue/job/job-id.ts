import { randomUUID } from 'node:crypto';

let last = 0n;

/**
 * Returns a UUID of version 7 (RFC 9562 section 5.7) that sorts behind all earlier ones of this process: first the time,
 * then a counter. Stores list jobs of the same millisecond by their id.
 */
export function jobId(): string {
  const now = BigInt(Date.now()) << 12n;
  last = now > last ? now : last + 1n;
  const time = (last >> 12n).toString(16).padStart(12, '0');
  const counter = (last & 0xfffn).toString(16).padStart(3, '0');
  // The random end comes with RFC 9562's variant bits.
  const random = randomUUID().slice(19);
  return `${time.slice(0, 8)}-${time.slice(8)}-7${counter}-${random}`;
}
