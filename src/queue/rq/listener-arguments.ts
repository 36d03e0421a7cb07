import { isUint8Array } from 'node:util/types';
import { rawPayload } from '../../values/raw-payload.ts';
import type { NewJob } from '../job/new-job.ts';

/** Where the arguments come from, in their order. */
export const argumentNames = ['pipeline', 'msg.payload', 'base_dir', 'msg.topic', 'msg.qos', 'metadata'];

/**
 * What flowerpower-mqtt's listener calls its job function with, all positional: pipeline, message, folder, topic, QoS and
 * `{"execution_mode": "async"}` (its `listener.py` and `job_handler.py`, version 0.2.2).
 */
export function listenerArguments({ name, msg }: Pick<NewJob, 'name' | 'msg'>, base_dir: string): unknown[] {
  const { payload, topic, qos } = msg;
  return [name, messageData(payload), base_dir, topic ?? '', qos ?? 0, { execution_mode: 'async' }];
}

/** The listener passes on what JSON says; what is no JSON, or its null, becomes a dict with the text and the bytes. */
function messageData(payload: unknown): unknown {
  if (payload === undefined || payload === null) return rawPayload(Buffer.from('null'));
  if (typeof payload === 'string') return rawPayload(Buffer.from(payload));
  return isUint8Array(payload) ? rawPayload(payload) : payload;
}
