import { encodeValue, walkFrom, type Walk } from '../../encode-value.ts';
import { decodeValue } from '../../value-tags.ts';

/** What a flow sends along; its properties are the sender's. */
export type JobMessage = Record<string, unknown>;

/**
 * A job's data as the store holds it: a FlowerPower pipeline's inputs at the top level, other properties of the
 * message under `msg`.
 */
export interface JobData {
  /** Goes first: a list of jobs reads the topic from the beginning of each job's data. */
  mqtt_topic: unknown;
  mqtt_message: unknown;
  mqtt_qos: unknown;
  /** ISO 8601. */
  execution_timestamp: unknown;
  execution_mode: 'async';
  /** An object, or the tag of one. */
  msg: unknown;
}

/** Most bytes of one job's data, unless another limit is given: 1 MiB. */
export const LARGEST_JOB = 1_048_576;

/**
 * Writes a message as a job's data. A message that did not come from a broker gets an empty topic, QoS 0 and the time
 * of now; no payload is `null`.
 *
 * @returns the data and about how many bytes it takes
 * @throws SerializeError when a property cannot be stored; it names the path, for instance `msg.payload.a[3]`
 */
export function encodeJob(message: JobMessage, limit = LARGEST_JOB): { data: JobData; size: number } {
  const { payload, topic, qos, executionTimestamp, executionMode: _mode, ...others } = message;
  const walk = walkFrom('msg', limit);
  walk.holders.push(message);
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

/** Reads a job's data back into a message. Another program's job becomes a message with its data as the payload. */
export function decodeJob(data: unknown): JobMessage {
  if (!isOurs(data)) return { payload: decodeValue(data) };
  return {
    ...(decodeValue(data.msg) as JobMessage),
    payload: decodeValue(data.mqtt_message),
    topic: decodeValue(data.mqtt_topic),
    qos: decodeValue(data.mqtt_qos),
    executionTimestamp: decodeValue(data.execution_timestamp),
    executionMode: data.execution_mode,
  };
}

function isOurs(data: unknown): data is JobData {
  if (typeof data !== 'object' || data === null || !('mqtt_message' in data)) return false;
  return 'msg' in data && typeof data.msg === 'object' && data.msg !== null;
}
