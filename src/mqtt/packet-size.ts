/** Bytes of a PUBLISH beside its payload: the topic has at most 65,535, and properties may have as many. */
const BESIDE = 131_072;

/**
 * The most bytes of a packet where no subscription takes a larger payload than `largestPayload`. A message that is only a
 * bit too large for its subscription still comes, so that a Catch node hears of it.
 */
export function largestPacket(largestPayload: number): number {
  return 2 * largestPayload + BESIDE;
}

/**
 * Reads how long packets are while their bytes pass, in pieces of any size: each has a byte for its type, and then its
 * length in 1 to 4 bytes (MQTT 5.0 section 2.1.4).
 */
export function watchPacketSizes(onSize: (bytes: number) => void): (piece: Uint8Array) => void {
  let left = 0;
  let length = 0;
  /** Undefined while the next byte is a type. */
  let shift: number | undefined;

  const readHeader = (byte: number) => {
    if (shift === undefined) {
      [shift, length] = [0, 0];
      return;
    }
    length += (byte & 0x7f) * 2 ** shift;
    shift += 7;
    if (byte >= 0x80 && shift < 28) return;
    shift = undefined;
    left = length;
    onSize(length);
  };
  return (piece) => {
    for (let at = 0; at < piece.length;) {
      if (left === 0) readHeader(piece[at++] ?? 0);
      const passed = Math.min(left, piece.length - at);
      left -= passed;
      at += passed;
    }
  };
}
