import { unmarked, withMarks } from '../../values/exact-json.ts';

/** Makes plain data of a pickle, or throws an Error. */
export type ReadPickle = (pickle: Buffer) => unknown;

/** How a pickle begins: with its protocol, or in protocols 0 and 1, as a call of RQ, with a mark. */
const PICKLE = [0x80, 0x28];

/**
 * Reads what one of RQ's serializers wrote; integers that a number cannot hold become bigints.
 *
 * @throws Error when it is neither a pickle of plain data nor JSON
 */
export function readSerialized(bytes: Buffer, readPickle: ReadPickle): unknown {
  if (PICKLE.includes(bytes[0] ?? 0)) return readPickle(bytes);
  return JSON.parse(withMarks(bytes.toString()), (_key, marked: unknown) => {
    const value = unmarked(marked);
    return typeof value === 'bigint' && Number.isSafeInteger(Number(value)) ? Number(value) : value;
  });
}
