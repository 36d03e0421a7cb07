/** How values go to a Python process and come back: JSON, with Buffers and Dates as objects of one tagged property. */
import { GiveUpError } from '../../errors.ts';

/** Bytes of one request; the runner has the same bound for results. */
const MOST_BYTES = 16 * 1024 * 1024;

const TAG = /^\$/;

/**
 * One line of JSON for the runner.
 *
 * @throws GiveUpError when the inputs are no data, or too large
 */
export function encodeRequest(name: string, inputs: Record<string, unknown>): string {
  let line: string;
  try {
    line = JSON.stringify({ name, inputs: tagged(inputs) });
  } catch (error) {
    throw new GiveUpError(`the inputs of ${name} cannot be sent to Python: ${(error as Error).message}`);
  }
  if (line.length <= MOST_BYTES) return line;
  throw new GiveUpError(
    `the inputs of ${name} have ${line.length} bytes as JSON, at most ${MOST_BYTES} are passed on`,
  );
}

function tagged(value: unknown): unknown {
  if (Buffer.isBuffer(value)) return { $buffer: value.toString('base64') };
  if (value instanceof Date) return { $date: value.toISOString() };
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : `${value}`;
  if (Array.isArray(value)) return value.map(tagged);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, one]) => [key, tagged(one)] as const);
  const isLikeTag = entries.length === 1 && TAG.test(entries[0]?.[0] ?? '');
  return isLikeTag ? { $object: Object.fromEntries(entries) } : Object.fromEntries(entries);
}

/** Reads a line of the runner. */
export function decodeAnswer(line: string): unknown {
  return JSON.parse(line, (_key, value: unknown) => untagged(value));
}

function untagged(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const [[key, inner] = [], ...others] = Object.entries(value);
  if (others.length > 0) return value;
  if (key === '$buffer' && typeof inner === 'string') return Buffer.from(inner, 'base64');
  return key === '$object' ? inner : value;
}
