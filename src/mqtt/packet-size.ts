/** Bytes of a PUBLISH without its payload: up to 65,535 of the topic, and as many of the properties. */
const BESIDE = 131_072;

/**
 * Returns the maximum bytes of a packet, if no subscription takes more than `largestPayload` bytes. The limit is generous: a
 * message that is only a bit too large should reach a Catch node.
 */
export function largestPacket(largestPayload: number): number {
  return 2 * largestPayload + BESIDE;
}

/**
 * Calls `onSize` with the length of each packet, as soon as its header has passed. A packet starts with a byte for its type,
 * and its length in 1 to 4 bytes (MQTT 5.0 section 2.1.4).
 *
 * @returns a function that takes the bytes of a connection, in pieces of any size
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
