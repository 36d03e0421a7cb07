import { isDate, isMap, isSet, isUint8Array } from 'node:util/types';
import { DecodeError } from '../errors.ts';

/** Node-RED copies messages recursively and runs out of stack near 3000 levels. */
export const DEEPEST = 500;
/** A few bytes can say "this list nine times" nine times over. */
export const MOST_VALUES = 1_000_000;

/**
 * Gives the value back if a flow can copy it: at most 500 levels deep, and with at most a million values, each counted as
 * often as it is reached.
 */
export function bounded(value: unknown, payload: Buffer): unknown {
  let left = MOST_VALUES;
  let level = [value].filter(isHolder);
  for (let depth = 0; level.length > 0; depth++) {
    if (depth === DEEPEST) throw refusal(`is nested more than ${DEEPEST} levels deep`, payload);
    const next: object[] = [];
    for (const holder of level) {
      const values = valuesOf(holder);
      left -= values.length;
      if (left < 0) throw refusal(`holds more than ${MOST_VALUES} values`, payload);
      for (const inner of values.filter(isHolder)) next.push(inner);
    }
    level = next;
  }
  return value;
}

function refusal(words: string, payload: Buffer): DecodeError {
  return new DecodeError(`the payload ${words}: send less, or choose the format buffer`, payload);
}

function valuesOf(holder: object): unknown[] {
  if (isMap(holder)) return [...holder].flat();
  return isSet(holder) ? [...holder] : Object.values(holder);
}

function isHolder(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !isUint8Array(value) && !isDate(value);
}
