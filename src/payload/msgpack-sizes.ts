import { DEEPEST } from './bounded.ts';

/** Of the types 0xc0 to 0xdf: bytes of the type and what always follows it. */
const FIXED = [
  1, 1, 1, 1, 2, 3, 5, 3, 4, 6, 5, 9, 2, 3, 5, 9, 2, 3, 5, 9, 3, 4, 6, 10, 18, 2, 3, 5, 3, 5, 3, 5,
];
/** Of the same types: how many of these bytes say a length. */
const LENGTH = [
  0, 0, 0, 0, 1, 2, 4, 1, 2, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 4, 2, 4, 2, 4,
];

/** A value's own bytes, and how many values it holds. */
interface Head {
  size: number;
  holds: number;
}

/**
 * Throws if the bytes cannot hold the values that they declare (https://github.com/msgpack/msgpack/blob/master/spec.md):
 * the library takes memory for what it is told to expect, at each level again.
 */
export function checkSizes(bytes: Buffer): void {
  // How many values each open list or map waits for; the outermost is the payload.
  const open = [1];
  let waiting = 1;
  for (let at = 0; open.length > 0;) {
    const { size, holds } = headAt(bytes, at);
    at += size;
    waiting += holds - 1;
    if (waiting > bytes.length - at) throw new Error('it declares more than it holds');
    open.push((open.pop() ?? 0) - 1, holds);
    if (open.length > DEEPEST + 2) throw new Error(`it is nested more than ${DEEPEST} levels deep`);
    while (open.at(-1) === 0) open.pop();
  }
}

function headAt(bytes: Buffer, at: number): Head {
  const type = bytes[at] ?? 0;
  if (type < 0x80 || type >= 0xe0) return { size: 1, holds: 0 };
  if (type < 0x90) return { size: 1, holds: 2 * (type - 0x80) };
  if (type < 0xa0) return { size: 1, holds: type - 0x90 };
  if (type < 0xc0) return { size: 1 + type - 0xa0, holds: 0 };
  const [size, digits] = [FIXED[type - 0xc0] ?? 1, LENGTH[type - 0xc0] ?? 0];
  const length = digits === 0 || at + digits >= bytes.length ? 0 : bytes.readUIntBE(at + 1, digits);
  if (type < 0xdc) return { size: size + length, holds: 0 };
  return { size, holds: type < 0xde ? length : 2 * length };
}
