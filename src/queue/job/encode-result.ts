import { SerializeError } from '../../errors.ts';
import { encodeValue, walkFrom } from '../../encode-value.ts';
import { LARGEST_JOB } from './job-data.ts';

/** Writes what a run resolved to; a result that cannot be stored fails no job, words take its place. */
export function encodeResult(result: unknown): unknown {
  try {
    return encodeValue(result ?? null, walkFrom('result', LARGEST_JOB));
  } catch (error) {
    if (error instanceof SerializeError) return error.message;
    throw error;
  }
}
