/**
 * What is wrong with the sizes that MessagePack's headers declare, if anything, without taking memory for them.
 *
 * Every value takes at least one byte, so there can be no more values to come than there are bytes left
 * (https://github.com/msgpack/msgpack/blob/master/spec.md). The library trusts each header, and a few bytes may declare
 * gigabytes.
 */
export function msgpackSizeMistake(payload: Buffer): string | undefined {
  let [place, toCome] = [0, 1];
  while (toCome > 0) {
    if (toCome > payload.length - place) return 'it declares more values than it holds';
    const { header, bytes, values } = readHeader(payload, place);
    place += header + bytes;
    toCome += values - 1;
  }
  return undefined;
}

/** A value's own bytes, and how many values are inside. */
interface Header {
  header: number;
  bytes: number;
  values: number;
}

function readHeader(payload: Buffer, place: number): Header {
  const type = payload[place] ?? 0;
  if (type <= 0x7f || type >= 0xe0) return { header: 1, bytes: 0, values: 0 };
  if (type <= 0x8f) return { header: 1, bytes: 0, values: 2 * (type & 0x0f) };
  if (type <= 0x9f) return { header: 1, bytes: 0, values: type & 0x0f };
  if (type <= 0xbf) return { header: 1, bytes: type & 0x1f, values: 0 };
  return sized(type, (width) => lengthAt(payload, place + 1, width));
}

/** Types 0xc0 to 0xdf. */
function sized(type: number, length: (width: number) => number): Header {
  const width = (first: number) => 2 ** (type - first);
  if (type <= 0xc3) return { header: 1, bytes: 0, values: 0 };
  if (type <= 0xc6) return withBytes(width(0xc4), length);
  if (type <= 0xc9) return withBytes(width(0xc7), length, 1);
  if (type <= 0xcb) return { header: 1, bytes: 4 * width(0xca), values: 0 };
  if (type <= 0xcf) return { header: 1, bytes: width(0xcc), values: 0 };
  if (type <= 0xd3) return { header: 1, bytes: width(0xd0), values: 0 };
  if (type <= 0xd8) return { header: 1, bytes: 1 + width(0xd4), values: 0 };
  if (type <= 0xdb) return withBytes(width(0xd9), length);
  const isMap = type >= 0xde;
  const wide = type % 2 === 0 ? 2 : 4;
  return { header: 1 + wide, bytes: 0, values: length(wide) * (isMap ? 2 : 1) };
}

function withBytes(width: number, length: (width: number) => number, more = 0): Header {
  return { header: 1 + width, bytes: more + length(width), values: 0 };
}

function lengthAt(payload: Buffer, place: number, width: number): number {
  return place + width <= payload.length ? payload.readUIntBE(place, width) : 0;
}
