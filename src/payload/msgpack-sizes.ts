import { DEEPEST } from './define-format.ts';

/** For the types 0xc0 to 0xdf: bytes of the type and its fixed-size part. */
const FIXED = [
  1, 1, 1, 1, 2, 3, 5, 3, 4, 6, 5, 9, 2, 3, 5, 9, 2, 3, 5, 9, 3, 4, 6, 10, 18, 2, 3, 5, 3, 5, 3, 5,
];
/** For the same types: bytes of the length field. */
const LENGTH = [
  0, 0, 0, 0, 1, 2, 4, 1, 2, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 4, 2, 4, 2, 4,
];

/** Size of a value in bytes, without the values it contains, and the number of these. */
interface Head {
  size: number;
  holds: number;
}

/**
 * Throws if the payload declares more values than it has bytes. The library allocates memory for every declared length,
 * at each level (https://github.com/msgpack/msgpack/blob/master/spec.md).
 */
export function checkSizes(bytes: Buffer): void {
  // Values still missing from each open list or map; the first entry is the payload.
  const open = [1];
  let waiting = 1;
  for (let at = 0; open.length > 0;) {
    const { size, holds } = headAt(bytes, at);
    at += size;
    waiting += holds - 1;
    if (waiting > bytes.length - at) throw new Error('it declares more values than it has');
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
