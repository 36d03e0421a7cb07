import type { NodeMessage } from 'node-red';
import type { JobEvent } from '../../src/index.ts';
import type { Alarm } from './alarms.ts';

/** What a flow gets of an event: named as in the messages of fp-worker, and as fp-control takes it. */
export function eventMessage(event: JobEvent): NodeMessage {
  const { kind, queue, at, job, attempt, attempts, worker, error } = event;
  const about = job && {
    jobId: job.id,
    pipeline: job.name,
    job: { ...job, ...(attempt !== undefined && { attempt, attempts }) },
  };
  const machine = worker?.machine;
  return {
    event: kind,
    payload: payloadOf(event),
    ...about,
    queue,
    time: at.toISOString(),
    ...(machine !== undefined && { machine }),
    ...(error && { error }),
  };
}

function payloadOf({ kind, result, error, progress }: JobEvent): unknown {
  if (kind === 'completed') return result;
  return error?.message ?? progress;
}

/** What a flow gets when an alarm begins or ends. */
export function alarmMessage(queue: string, payload: Alarm): NodeMessage {
  return { event: 'alarm', payload, queue, time: new Date().toISOString() };
}
