import { StoreUnavailableError, type ListenToJobs } from '../../src/index.ts';
import type { QueueConfig } from '../fp-queue-config/fp-queue-config.ts';
import type { Limits, Sample } from './alarms.ts';
import { FailureRate } from './failure-rate.ts';
import { takeSample } from './take-sample.ts';

interface Watch {
  config: QueueConfig;
  listen: ListenToJobs;
  limits: Limits;
  /** Milliseconds between two looks. */
  interval: number;
  onSample: (sample: Sample) => void;
  warn: (text: string) => void;
}

/** Looks at the queue at an interval, until the function returned is called; not at all if nothing has a limit. */
export function watchConditions({ config, listen, limits, interval, onSample, warn }: Watch): () => void {
  const { backlog, oldest, no_worker, failure_rate } = limits;
  if ([backlog, oldest, no_worker, failure_rate].every((limit) => limit === undefined))
    return () => undefined;
  const rate = new FailureRate();
  const deaf = () => undefined;
  const stopListening =
    failure_rate === undefined
      ? deaf
      : listen({ kinds: ['completed', 'dead'], onEvent: ({ kind }) => rate.count(kind === 'dead') });
  let isLooking = false;
  let isStopped = false;
  const look = async () => {
    if (isLooking) return;
    isLooking = true;
    try {
      const sample = await config.look((queue) => takeSample(queue, limits));
      if (!isStopped) onSample({ ...sample, failure_rate: rate.percent() });
    } catch (error) {
      // That the store is away is told by the connection.
      if (!isStopped && !(error instanceof StoreUnavailableError)) {
        warn(`the queue could not be looked at: ${(error as Error).message}`);
      }
    } finally {
      isLooking = false;
    }
  };
  const timer = setInterval(() => void look(), interval);
  return () => {
    isStopped = true;
    clearInterval(timer);
    stopListening();
  };
}
