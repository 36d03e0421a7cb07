import { randomUUID } from 'node:crypto';

let last = 0n;

/**
 * Returns a UUID of version 7 (RFC 9562 section 5.7) that sorts after all earlier ones of this process. Stores sort
 * jobs of the same millisecond by ID, so the time is followed by a counter.
 */
export function jobId(): string {
  const now = BigInt(Date.now()) << 12n;
  last = now > last ? now : last + 1n;
  const time = (last >> 12n).toString(16).padStart(12, '0');
  const counter = (last & 0xfffn).toString(16).padStart(3, '0');
  // The end of a random UUID includes RFC 9562's variant bits.
  const random = randomUUID().slice(19);
  return `${time.slice(0, 8)}-${time.slice(8)}-7${counter}-${random}`;
}
