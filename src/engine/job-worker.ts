import type { Project } from '../project/project.ts';
import type { Attempt } from '../queue/attempt.ts';
import type { OpenQueue } from '../queue/open-queue.ts';
import type { QueueWorker, TakenJob } from '../queue/worker.ts';
import type { GatewayLog } from './log.ts';
import { runPipeline } from './run-pipeline.ts';

interface JobWorkerOptions {
  queue: Pick<OpenQueue, 'openWorker'>;
  /** Maximum number of concurrent jobs. */
  concurrency: number;
  /** Maximum milliseconds of an attempt; 0: no limit. */
  timeout: number;
  /** Whether `fp-mqtt jobs worker stop` may end this process. */
  isCommand: boolean;
  project: Project;
  log: GatewayLog;
}

/** Opens a worker that runs the pipeline of each job; its result becomes the job's result. */
export function openJobWorker({ queue, project, log, ...options }: JobWorkerOptions): QueueWorker {
  const told = ({ id, name }: TakenJob, what: string) => `job ${id} (${name}) ${what}`;
  return queue.openWorker({
    ...options,
    run: (job, attempt) => runJob(project, log, { job, attempt }),
    describe: ({ name }) => [name],
    onFailedAttempt: (job, { message }) => log.warn(told(job, `failed and is tried again: ${message}`)),
    onDeadLetter: (job, { message }) => log.error(told(job, `is a dead letter: ${message}`)),
  });
}

function runJob(
  project: Project,
  log: GatewayLog,
  { job: { name, msg }, attempt }: { job: TakenJob; attempt: Attempt },
): Promise<unknown> {
  return runPipeline(project, {
    name,
    msg,
    signal: attempt.signal,
    log: (line) => log.info(line),
    storeProgress: (progress) =>
      attempt.progress(progress).catch(({ message }: Error) => log.warn(`${name}: ${message}`)),
  });
}
