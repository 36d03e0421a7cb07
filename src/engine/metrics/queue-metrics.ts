import { settledWithin } from '../../base/settled-within.ts';
import type { QueueCounts } from '../../queue/inspect/count-jobs.ts';
import type { Inspector } from '../../queue/inspect/inspector.ts';
import type { QueueState } from '../../queue/inspect/queue-state.ts';
import type { JobCounts } from '../../stats/job-counts.ts';
import type { Labels, Metric } from '../../stats/metrics-text.ts';

/** What the store answers. */
interface StoreAnswer {
  state: QueueState;
  workers: number;
  /** Duration of the answer. */
  seconds: number;
}

/** A queue at one moment. */
export interface QueueReading {
  labels: Labels;
  /** What this process has done. */
  counts: JobCounts;
  /** Undefined if the store did not answer in time. */
  answer: StoreAnswer | undefined;
}

/** Jobs of each state that PostgreSQL and the embedded store count: as many as fp-stats, which shares the answer. */
const MOST_COUNTED = 10_000;
/** Milliseconds; Prometheus waits for ten seconds. */
const LONGEST_ANSWER = 3000;

/** Returns a function that reads a queue. Readers share the question to a store that has not answered yet. */
export function queueReader(
  { labels, counts }: Omit<QueueReading, 'answer'>,
  look: <T>(look: (inspector: Inspector) => Promise<T>) => Promise<T>,
): () => Promise<QueueReading> {
  let asking: Promise<StoreAnswer | undefined> | undefined;
  const ask = () =>
    look(askStore)
      .catch(() => undefined)
      .finally(() => (asking = undefined));
  return async () => {
    const answering = (asking ??= ask());
    const isInTime = await settledWithin(LONGEST_ANSWER, answering);
    return { labels, counts, answer: isInTime ? await answering : undefined };
  };
}

async function askStore(inspector: Inspector): Promise<StoreAnswer> {
  const began = performance.now();
  const counting: Promise<QueueCounts> = inspector.counts();
  const [state, { workers }] = await Promise.all([inspector.state({ mostCounted: MOST_COUNTED }), counting]);
  return { state, workers, seconds: (performance.now() - began) / 1000 };
}

export const queueMetrics: Metric<QueueReading>[] = [
  {
    name: 'fp_queue_up',
    type: 'gauge',
    help: 'Whether the store of the queue answers.',
    read: ({ answer }) => (answer ? 1 : 0),
  },
  {
    name: 'fp_store_response_seconds',
    type: 'gauge',
    help: 'Time in which the store counted the jobs for this report.',
    read: ({ answer }) => answer?.seconds,
  },
  {
    name: 'fp_queue_jobs',
    type: 'gauge',
    help: `Jobs in each state; PostgreSQL and the embedded store count up to ${MOST_COUNTED + 1}.`,
    read: ({ answer }) =>
      answer && Object.entries(answer.state.counts).map(([state, count]) => [{ state }, count] as const),
  },
  {
    name: 'fp_queue_oldest_waiting_seconds',
    type: 'gauge',
    help: 'Time since the oldest waiting job was due; 0 if no job waits.',
    read: ({ answer }) => answer && (answer.state.oldestWaiting ?? 0) / 1000,
  },
  {
    name: 'fp_queue_paused',
    type: 'gauge',
    help: 'Whether the queue is paused.',
    read: ({ answer }) => answer && Number(answer.state.isPaused),
  },
  {
    name: 'fp_queue_workers',
    type: 'gauge',
    help: 'Workers of all processes; on the embedded store those of this process.',
    read: ({ answer }) => answer?.workers,
  },
  {
    name: 'fp_jobs_enqueued_total',
    type: 'counter',
    help: 'Jobs that this process has added to the queue.',
    read: ({ counts }) => counts.enqueued,
  },
  {
    name: 'fp_jobs_deduplicated_total',
    type: 'counter',
    help: 'Jobs that were not added because an earlier one has the same key.',
    read: ({ counts }) => counts.deduplicated,
  },
  {
    name: 'fp_jobs_completed_total',
    type: 'counter',
    help: 'Jobs that workers of this process have completed.',
    read: ({ counts }) => counts.completed,
  },
  {
    name: 'fp_job_attempts_failed_total',
    type: 'counter',
    help: 'Failed attempts of workers of this process.',
    read: ({ counts }) => counts.retried + counts.dead,
  },
  {
    name: 'fp_jobs_retried_total',
    type: 'counter',
    help: 'Failed attempts that a retry follows.',
    read: ({ counts }) => counts.retried,
  },
  {
    name: 'fp_jobs_dead_total',
    type: 'counter',
    help: 'Jobs that became dead letters.',
    read: ({ counts }) => counts.dead,
  },
  {
    name: 'fp_job_store_seconds',
    type: 'histogram',
    help: 'Time until the store had persisted a job.',
    read: ({ counts }) => counts.storeTimes,
  },
  {
    name: 'fp_job_wait_seconds',
    type: 'histogram',
    help: 'Time from when a job was due to its first attempt.',
    read: ({ counts }) => counts.waitTimes,
  },
  {
    name: 'fp_job_run_seconds',
    type: 'histogram',
    help: 'Duration of an attempt.',
    read: ({ counts }) => counts.runTimes,
  },
];
