import { SerializeError } from '../../base/errors.ts';
import { encodeValue, walkFrom } from '../../values/encode-value.ts';
import { LARGEST_JOB } from './job-data.ts';

/** Encodes a result. If it cannot be stored, the error's message replaces it, so that the job does not fail. */
export function encodeResult(result: unknown): unknown {
  try {
    return encodeValue(result ?? null, walkFrom('result', LARGEST_JOB));
  } catch (error) {
    if (error instanceof SerializeError) return error.message;
    throw error;
  }
}
