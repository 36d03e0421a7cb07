/** The names of RQ's keys in Redis, the same in RQ 1.13 to 3.0 (job.py, queue.py, registry.py, results.py, worker.py). */
export function queueKeys(queue: string) {
  return {
    queue: `rq:queue:${queue}`,
    /** Ids that a worker has taken and not yet started. */
    intermediate: `rq:queue:${queue}:intermediate`,
    started: `rq:wip:${queue}`,
    finished: `rq:finished:${queue}`,
    failed: `rq:failed:${queue}`,
    scheduled: `rq:scheduled:${queue}`,
    deferred: `rq:deferred:${queue}`,
    canceled: `rq:canceled:${queue}`,
    /** There while a scheduler runs for the queue. */
    scheduler: `rq:scheduler-lock:${queue}`,
    workers: `rq:workers:${queue}`,
  };
}

/** The set of all queues' keys. */
export const QUEUES = 'rq:queues';

/** There while all workers are suspended. */
export const SUSPENDED = 'rq:suspended';

export function jobKey(id: string): string {
  return `rq:job:${id}`;
}

/** A key of this package: it names the job that stands for a message or a unique key. */
export function deduplicationKey(queue: string, kind: 'once' | 'unique', name: string): string {
  return `fp:rq:${queue}:${kind}:${name}`;
}
