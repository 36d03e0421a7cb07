import { traced, type Tracing } from '../base/tracing.ts';
import type { NewJob } from './job/new-job.ts';
import type { Producer } from './producer.ts';

/** Hears what this process does with the jobs of a queue. Durations are in milliseconds. */
export interface JobObserver {
  /** A job was stored; `deduplicated`: an earlier one has the same key. */
  onStored(duration: number, deduplicated: boolean): void;
  /** A worker has taken a job for its first attempt, `waited` after it was due. */
  onTaken(waited: number): void;
  /** The completion of a job is stored. */
  onCompleted(ran: number): void;
  /** The failure of an attempt is stored; `isLast`: the job became a dead letter. */
  onFailed(ran: number, isLast: boolean): void;
}

export interface Observers {
  observer?: JobObserver | undefined;
  tracing?: Tracing | undefined;
}

/** A producer that tells an observer of each stored job, and traces it. */
export function observed(producer: Producer, { observer, tracing }: Observers): Producer {
  if (!observer && !tracing) return producer;
  const start = ({ name, trace }: NewJob) =>
    tracing?.start({
      name: `enqueue ${name}`,
      kind: 'producer',
      parent: trace,
      attributes: { 'messaging.operation.name': 'enqueue', 'bullmq.job.name': name },
    });
  return {
    async add(job) {
      const began = Date.now();
      const span = start(job);
      const added = await traced(span, () => producer.add(span ? { ...job, trace: span.context } : job));
      observer?.onStored(Date.now() - began, added.deduplicated);
      return added;
    },
    forget: (key) => producer.forget(key),
    waiting: () => producer.waiting(),
    close: (graceMs) => producer.close(graceMs),
  };
}
