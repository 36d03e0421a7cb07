import { traced, type Tracing } from '../base/tracing.ts';
import type { NewJob } from './job/new-job.ts';
import type { Producer } from './producer.ts';

/** A producer that traces each job that it stores. */
export function tracedProducer(producer: Producer, tracing: Tracing | undefined): Producer {
  if (!tracing) return producer;
  const start = ({ name, trace }: NewJob) =>
    tracing.start({
      name: `enqueue ${name}`,
      kind: 'producer',
      parent: trace,
      attributes: { 'messaging.operation.name': 'enqueue', 'bullmq.job.name': name },
    });
  return {
    add(job) {
      const span = start(job);
      return traced(span, () => producer.add({ ...job, trace: span.context }));
    },
    forget: (key) => producer.forget(key),
    waiting: () => producer.waiting(),
    close: (graceMs) => producer.close(graceMs),
  };
}
