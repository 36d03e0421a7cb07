import { inflateSync } from 'node:zlib';
import type { JobMessage } from '../job/job-data.ts';
import { readSerialized, type ReadPickle } from './read-serialized.ts';

/** What a job calls, as far as it is plain data. */
export interface ReadCall {
  /** The pipeline, or the function of a job that is not as the listener's. */
  name: string;
  msg: JobMessage;
}

const LARGEST = 4 * 1_048_576;

/** Reads RQ's field `data`; undefined for what is no plain data, or too much. */
export function readCall(data: Buffer, readPickle: ReadPickle): ReadCall | undefined {
  try {
    const call = readSerialized(inflated(data), readPickle);
    if (!Array.isArray(call) || call.length !== 4) return undefined;
    const [name, , args, kwargs] = call as [unknown, unknown, unknown, unknown];
    if (typeof name !== 'string' || !Array.isArray(args)) return undefined;
    return asListener(args) ?? { name, msg: { payload: { args: args as unknown[], kwargs } } };
  } catch {
    return undefined;
  }
}

/** As Python's reader does: what cannot be inflated is taken as it is. */
function inflated(data: Buffer): Buffer {
  try {
    return inflateSync(data, { maxOutputLength: LARGEST });
  } catch (error) {
    if (error instanceof RangeError) throw error;
    return data;
  }
}

function asListener(args: unknown[]): ReadCall | undefined {
  const [name, message, base_dir, topic, qos] = args;
  const isLike = args.length === 6 && [name, base_dir, topic].every((part) => typeof part === 'string');
  return isLike ? { name: name as string, msg: { payload: payloadOf(message), topic, qos } } : undefined;
}

/** The listener wraps a payload that is no JSON. */
function payloadOf(message: unknown): unknown {
  const { raw_payload, payload_bytes, is_binary } = Object(message) as Record<string, unknown>;
  if (!Buffer.isBuffer(payload_bytes)) return message;
  return is_binary === true ? payload_bytes : (raw_payload ?? message);
}
