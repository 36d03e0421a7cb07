/**
 * An integer of any size in two's complement, little-endian, in as few bytes as possible; none for 0.
 *
 * @throws RangeError when it needs more than `limit` bytes
 */
export function wholeNumberBytes(integer: bigint, limit: number): Buffer {
  if (integer === 0n) return Buffer.alloc(0);
  // ~n has the bits of -n - 1, so both signs need one bit more than this has.
  const magnitude = integer < 0n ? ~integer : integer;
  const bits = magnitude === 0n ? 0 : bitLength(magnitude);
  const length = Math.floor(bits / 8) + 1;
  if (length > limit) throw new RangeError(`more than ${limit} bytes`);
  const hex = BigInt.asUintN(length * 8, integer)
    .toString(16)
    .padStart(length * 2, '0');
  return Buffer.from(Buffer.from(hex, 'hex').toReversed());
}

function bitLength(magnitude: bigint): number {
  const hex = magnitude.toString(16);
  return (hex.length - 1) * 4 + (32 - Math.clz32(parseInt(hex[0] ?? '0', 16)));
}
