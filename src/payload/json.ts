import { DecodeError } from '../errors.ts';
import { text } from './text.ts';

/** Node-RED copies messages recursively and runs out of stack near 3000 levels. */
const MAXIMUM_DEPTH = 500;

/** JSON in UTF-8 (RFC 8259). */
export function json(payload: Buffer): unknown {
  const value = parse(text(payload), payload);
  if (payload.length > 2 * MAXIMUM_DEPTH && isDeeperThan(MAXIMUM_DEPTH, value)) {
    throw new DecodeError(`the payload's JSON is nested more than ${MAXIMUM_DEPTH} levels deep`, payload);
  }
  return value;
}

function parse(source: string, payload: Buffer): unknown {
  const remedy = 'send JSON or choose the format auto, text or buffer';
  if (source.trim() === '') throw new DecodeError(`the payload is empty, JSON is not: ${remedy}`, payload);
  try {
    return JSON.parse(source);
  } catch (cause) {
    const { message } = cause as SyntaxError;
    throw new DecodeError(`the payload is not JSON: ${message}: ${remedy}`, payload, { cause });
  }
}

/** Looks level by level, because recursion is what depth would break. */
function isDeeperThan(depth: number, value: unknown): boolean {
  let level = [value].filter(isObject);
  for (let i = 0; i < depth; i++) level = level.flatMap(Object.values).filter(isObject);
  return level.length > 0;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
