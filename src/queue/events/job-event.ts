import type { JobRef } from '../../base/model.ts';
import type { Progress } from '../attempt.ts';
import type { WorkerIdentity } from '../store/worker-name.ts';

/**
 * What can happen to the jobs of a queue. `failed`: an attempt, and a retry follows; `dead`: the last attempt; `stalled`: the
 * worker was killed, and the job runs again; `drained`: nothing waits and nothing runs.
 */
export const jobEventKinds = [
  'completed',
  'dead',
  'failed',
  'stalled',
  'progress',
  'added',
  'paused',
  'resumed',
  'drained',
] as const;

export type JobEventKind = (typeof jobEventKinds)[number];

/** The ends of a job, of which a queue keeps some. */
export const endKinds = ['completed', 'dead'] as const;

export type EndKind = (typeof endKinds)[number];

export function isEnd(kind: JobEventKind): kind is EndKind {
  return kind === 'completed' || kind === 'dead';
}

/** The kinds that a queue of RQ tells. */
export const rqEventKinds: readonly JobEventKind[] = endKinds;

/** Something that happened to a job or a queue, on any machine. */
export interface JobEvent {
  kind: JobEventKind;
  queue: string;
  at: Date;
  /** Undefined if the queue as a whole is meant. */
  job: JobRef | undefined;
  /** Of a completed job. */
  result?: unknown;
  /** Of a failed attempt or a dead letter. */
  error?: { message: string; stack: string | undefined } | undefined;
  progress?: Progress;
  /** Number of the attempt, and how many there may be. */
  attempt?: number;
  attempts?: number;
  /** Who ran it. */
  worker?: WorkerIdentity | undefined;
}

/** Who wants to hear of jobs. */
export interface JobListener {
  kinds: readonly JobEventKind[];
  /** Whether it wants to hear of this job; what nobody wants is not read. Default: every job */
  isWanted?: (id: string) => boolean;
  onEvent: (event: JobEvent) => void;
}

/** Begins to hear, until the function returned is called. What happens while the store is away may be missed. */
export type ListenToJobs = (listener: JobListener) => () => void;

/**
 * Begins to hear, and is told first which jobs ended since the listener of this name heard the last one, as far as the queue
 * keeps them: at most the newest 10,000 of each kind. After a crash, the ends of the last seconds come twice. Without a
 * position it only listens. The function returned ends it; with `forget` the queue forgets the position.
 */
export type FollowJobs = (name: string, listener: JobListener) => (forget?: boolean) => Promise<void>;
