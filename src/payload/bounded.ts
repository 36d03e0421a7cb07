import { isDate, isMap, isSet, isUint8Array } from 'node:util/types';
import { DecodeError } from '../base/errors.ts';

/** Most levels of nesting. Node-RED clones messages recursively, and its stack overflows near 3000 levels. */
export const DEEPEST = 500;
/** Most values in a payload. References let a few bytes expand to billions of values. */
export const MOST_VALUES = 1_000_000;

/**
 * Returns the value if a flow can clone it: at most 500 levels and a million values. A value that is referenced twice
 * counts twice.
 *
 * @throws DecodeError if the value is larger
 */
export function bounded(value: unknown, payload: Buffer): unknown {
  let left = MOST_VALUES;
  let level = [value].filter(isContainer);
  for (let depth = 0; level.length > 0; depth++) {
    if (depth === DEEPEST) throw tooLarge(`is nested more than ${DEEPEST} levels deep`, payload);
    const next: object[] = [];
    for (const container of level) {
      const values = valuesOf(container);
      left -= values.length;
      if (left < 0) throw tooLarge(`has more than ${MOST_VALUES} values`, payload);
      for (const inner of values.filter(isContainer)) next.push(inner);
    }
    level = next;
  }
  return value;
}

function tooLarge(reason: string, payload: Buffer): DecodeError {
  return new DecodeError(`the payload ${reason}: send less, or choose the format buffer`, payload);
}

function valuesOf(container: object): unknown[] {
  if (isMap(container)) return [...container].flat();
  return isSet(container) ? [...container] : Object.values(container);
}

function isContainer(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !isUint8Array(value) && !isDate(value);
}
