import { encodeValue, walkFrom, type Walk } from '../../values/encode-value.ts';
import { decodeValue } from '../../values/value-tags.ts';

/** The message of a job. */
export type JobMessage = Record<string, unknown>;

/**
 * A job's data in the store: the inputs of a FlowerPower pipeline at the top level, other properties of the message
 * under `msg`.
 */
export interface JobData {
  /** Must be the first property: listing jobs on Redis reads only the beginning of the data. */
  mqtt_topic: unknown;
  mqtt_message: unknown;
  mqtt_qos: unknown;
  /** ISO 8601. */
  execution_timestamp: unknown;
  execution_mode: 'async';
  /** An object, or a tag that represents an object. */
  msg: unknown;
}

/** Default maximum size of a job's data in bytes: 1 MiB. */
export const LARGEST_JOB = 1_048_576;

/**
 * Encodes a message as a job's data. Missing properties default to an empty topic, QoS 0, the current time, and a
 * payload of `null`.
 *
 * @returns the data and its approximate size in bytes
 * @throws SerializeError, with a path such as `msg.payload.a[3]`, if a property cannot be stored
 */
export function encodeJob(message: JobMessage, limit = LARGEST_JOB): { data: JobData; size: number } {
  const { payload, topic, qos, executionTimestamp, executionMode: _mode, ...others } = message;
  const walk = walkFrom('msg', limit);
  walk.ancestors.push(message);
  const encode = (key: string, value: unknown) => {
    walk.path = [key];
    return encodeValue(value, walk);
  };
  const data: JobData = {
    mqtt_topic: encode('topic', topic ?? ''),
    mqtt_message: encode('payload', payload ?? null),
    mqtt_qos: encode('qos', qos ?? 0),
    execution_timestamp: encode('executionTimestamp', executionTimestamp ?? new Date().toISOString()),
    execution_mode: 'async',
    msg: encodeOthers(others, walk),
  };
  return { data, size: limit - walk.left };
}

function encodeOthers(others: JobMessage, walk: Walk): unknown {
  walk.path = [];
  return encodeValue(others, walk);
}

/** Decodes a job's data to a message. The data of another program's job becomes the payload. */
export function decodeJob(data: unknown): JobMessage {
  if (!isOurs(data)) return { payload: decodeValue(data) };
  // What has been decoded is a new object: a copy of it would cost 2 % of a job's processor time.
  return Object.assign(decodeValue(data.msg) as JobMessage, {
    payload: decodeValue(data.mqtt_message),
    topic: decodeValue(data.mqtt_topic),
    qos: decodeValue(data.mqtt_qos),
    executionTimestamp: decodeValue(data.execution_timestamp),
    executionMode: data.execution_mode,
  });
}

/**
 * Returns a job's data with another payload. All the data of another program's job is its payload.
 *
 * @throws SerializeError if the payload cannot be stored, or the data becomes too large
 */
export function withPayload(data: unknown, payload: unknown): unknown {
  if (!isOurs(data)) return encodeValue(payload, walkFrom('payload', LARGEST_JOB));
  return encodeJob({ ...decodeJob(data), payload }).data;
}

function isOurs(data: unknown): data is JobData {
  if (typeof data !== 'object' || data === null || !('mqtt_message' in data)) return false;
  return 'msg' in data && typeof data.msg === 'object' && data.msg !== null;
}
