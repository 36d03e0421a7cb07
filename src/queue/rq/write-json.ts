import { isDate, isUint8Array } from 'node:util/types';
import { className, isPlain } from '../../values/encode-value.ts';
import { SerializeError } from '../../base/errors.ts';
import { stringifyExact } from '../../values/exact-json.ts';
import type { WriteOptions } from './write-pickle.ts';

const DEEPEST = 100;

interface Place {
  placeOf: WriteOptions['placeOf'];
  path: (string | number)[];
  holders: object[];
}

/**
 * Writes a value as the JSON that RQ's JSONSerializer reads; bigints become integers, dates ISO 8601 text.
 *
 * @throws SerializeError for what JSON does not have (bytes, NaN), a loop, too much depth or size; it names the path
 */
export function writeJson(value: unknown, { placeOf, limit }: WriteOptions): Buffer {
  const json = Buffer.from(stringifyExact(plain(value, { placeOf, path: [], holders: [] })));
  if (json.length <= limit) return json;
  throw new SerializeError(
    placeOf([]),
    `it has ${json.length} bytes of JSON, allowed are ${limit}: send less`,
  );
}

function plain(value: unknown, place: Place): unknown {
  switch (typeof value) {
    case 'number':
      if (!Number.isFinite(value)) throw refusal(place, `JSON has no ${value}`);
      return value;
    case 'undefined':
      return null;
    case 'object':
      return value === null ? null : plainObject(value, place);
    case 'string':
    case 'boolean':
    case 'bigint':
      return value;
    case 'function':
    case 'symbol':
    default:
      throw refusal(place, `it is a ${typeof value}`);
  }
}

function plainObject(object: object, place: Place): unknown {
  if (isUint8Array(object)) {
    throw refusal(place, 'JSON has no bytes: send JSON, or choose the serializer pickle');
  }
  if (isDate(object)) return dateText(object, place);
  if (place.holders.includes(object)) throw refusal(place, 'it holds itself');
  if (place.holders.length > DEEPEST) throw refusal(place, `it lies more than ${DEEPEST} levels deep`);
  if (!Array.isArray(object) && !isPlain(object)) {
    throw refusal(place, `it is an instance of ${className(object)}`);
  }
  place.holders.push(object);
  const made = Array.isArray(object)
    ? object.map((item: unknown, index) => within(index, item, place))
    : Object.fromEntries(
        Object.entries(object)
          .filter(([, inner]) => inner !== undefined)
          .map(([key, inner]) => [key, within(key, inner, place)]),
      );
  place.holders.pop();
  return made;
}

function within(step: string | number, value: unknown, place: Place): unknown {
  place.path.push(step);
  const made = plain(value, place);
  place.path.pop();
  return made;
}

function dateText(date: Date, place: Place): string {
  if (Number.isNaN(date.getTime())) throw refusal(place, 'it is an invalid date');
  return date.toISOString();
}

function refusal({ placeOf, path }: Place, reason: string): SerializeError {
  return new SerializeError(placeOf(path), reason);
}
