import type * as Arrow from 'apache-arrow';
import { keyText, setOwn } from '../map-entry.ts';
import { scalar } from './scalar.ts';

/** The Arrow library, and the number of values that may still be read: a damaged length can claim any number. */
interface Reading {
  arrow: typeof Arrow;
  left: number;
}
type Data = Arrow.Data;

/**
 * Reads one value of a column as plain data: lists become arrays, structs and maps objects, dictionary codes values.
 */
function arrowCell(reading: Reading, data: Data, index: number): unknown {
  if (!(index >= 0 && index < data.length)) throw new Error('an index is out of range');
  const { DataType } = reading.arrow;
  const type: unknown = data.type;
  if (DataType.isUnion(type)) return unionValue(reading, data, index);
  if (!data.getValid(index)) return null;
  if (DataType.isDictionary(type)) return dictionaryValue(reading, data, index);
  if (DataType.isStruct(type)) return struct(reading, data, index);
  if (DataType.isMap(type)) return map(reading, data, index);
  if (DataType.isList(type) || DataType.isLargeList(type)) return list(reading, data, index);
  if (DataType.isFixedSizeList(type)) {
    return arrowCells(reading, data.children[0], [index * type.listSize, (index + 1) * type.listSize]);
  }
  return scalar(reading.arrow, data, index);
}

/** Reads the values of a column from `begin` up to but without `end`. */
export function arrowCells(
  reading: Reading,
  data: Data | undefined,
  [begin, end]: [number, number],
): unknown[] {
  spend(reading, end - begin);
  return Array.from({ length: end - begin }, (_, i) => arrowCell(reading, existing(data), begin + i));
}

function unionValue(reading: Reading, data: Data, index: number): unknown {
  const { typeIdToChildIndex } = data.type as Arrow.Union;
  const child = data.children[typeIdToChildIndex[Number(data.typeIds[index])] ?? -1];
  const isDense = reading.arrow.DataType.isDenseUnion(data.type);
  return arrowCell(reading, existing(child), isDense ? Number(data.valueOffsets[index]) : index);
}

function dictionaryValue(reading: Reading, { values, dictionary }: Data, index: number): unknown {
  let code = Number(values[index]);
  for (const part of dictionary?.data ?? []) {
    if (code < part.length) return arrowCell(reading, part, code);
    code -= part.length;
  }
  throw new Error('a code is not in its dictionary');
}

function struct(reading: Reading, { type, children }: Data, index: number): Record<string, unknown> {
  spend(reading, children.length);
  const object: Record<string, unknown> = {};
  for (const [i, { name }] of (type as Arrow.Struct).children.entries()) {
    setOwn(object, name, arrowCell(reading, existing(children[i]), index));
  }
  return object;
}

function list(reading: Reading, data: Data, index: number): unknown[] {
  return arrowCells(reading, data.children[0], rangeOf(data, index));
}

function map(reading: Reading, data: Data, index: number): Record<string, unknown> {
  const [keys, values] = data.children[0]?.children ?? [];
  const range = rangeOf(data, index);
  const items = arrowCells(reading, values, range);
  const object: Record<string, unknown> = {};
  for (const [i, key] of arrowCells(reading, keys, range).entries()) setOwn(object, keyText(key), items[i]);
  return object;
}

function rangeOf({ valueOffsets }: Data, index: number): [number, number] {
  return [Number(valueOffsets[index]), Number(valueOffsets[index + 1])];
}

function existing(data: Data | undefined): Data {
  if (!data) throw new Error('a column is missing');
  return data;
}

/** Throws before memory is allocated for too many values. */
function spend(reading: Reading, values: number): void {
  reading.left -= values;
  if (!(values >= 0 && reading.left >= 0)) {
    throw new Error('it declares more values than a message may have');
  }
}
