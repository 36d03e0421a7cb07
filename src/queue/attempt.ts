import { OptionsError } from '../base/errors.ts';
import type { StoreJob, StoreQueue } from './store/driver.ts';
import { encodeValue, walkFrom } from '../values/encode-value.ts';
import type { FailedNode } from './job/attempt-note.ts';
import { LARGEST_JOB } from './job/job-data.ts';
import { safeText } from './job/safe-error.ts';

const LONGEST_LINE = 2000;
const MOST_LINES = 1000;
const LARGEST_PROGRESS = 10_000;

/** Progress of a job: a number from 0 to 100, or a small object. */
export type Progress = number | object;

/** A running attempt: lets a pipeline set the result, report progress, log, and end the attempt. */
export class Attempt {
  readonly #job: Pick<StoreJob, 'id' | 'updateProgress'>;
  readonly #queue: () => Promise<Pick<StoreQueue, 'addJobLog'>>;
  readonly #onProgress: (progress: Progress) => void;
  readonly #ending = new AbortController();
  #result: unknown;
  /** The node that reported the attempt's error, if one did; stored with the error. */
  failedNode: FailedNode | undefined;

  constructor(
    job: Pick<StoreJob, 'id' | 'updateProgress'>,
    queue: () => Promise<Pick<StoreQueue, 'addJobLog'>>,
    onProgress: (progress: Progress) => void,
  ) {
    this.#job = job;
    this.#queue = queue;
    this.#onProgress = onProgress;
  }

  /** Aborts, with a reason, when the attempt must end immediately. */
  get signal(): AbortSignal {
    return this.#ending.signal;
  }

  /** The value of the last `setResult`. */
  get result(): unknown {
    return this.#result;
  }

  /**
   * Sets the job's result, at most 1 MiB. It is used if the job completes.
   *
   * @throws SerializeError, with the path, if the result cannot be stored
   */
  setResult(result: unknown): void {
    encodeValue(result, walkFrom('result', LARGEST_JOB));
    this.#result = result;
  }

  /**
   * Stores the job's progress; waits while the store is unavailable.
   *
   * @throws OptionsError if the progress is neither a number from 0 to 100 nor an object, SerializeError if it cannot
   * be stored
   */
  async progress(progress: unknown): Promise<void> {
    if (!isProgress(progress)) {
      throw new OptionsError([
        `progress must be a number from 0 to 100 or an object, found ${typeof progress}`,
      ]);
    }
    const encoded = encodeValue(progress, walkFrom('progress', LARGEST_PROGRESS)) as Progress;
    await this.#job.updateProgress(encoded);
    this.#onProgress(progress);
  }

  /** Adds a line, truncated to 2,000 characters, to the job's log, which keeps the newest 1,000 lines. */
  async log(line: string): Promise<void> {
    const queue = await this.#queue();
    await queue.addJobLog(this.#job.id ?? '', safeText(line, LONGEST_LINE), MOST_LINES);
  }

  /** Ends the attempt now, as if `run` had rejected with `reason`. A PostponedError returns the job to the queue. */
  end(reason: Error): void {
    this.#ending.abort(reason);
  }
}

function isProgress(progress: unknown): progress is Progress {
  if (typeof progress === 'number') return progress >= 0 && progress <= 100;
  return typeof progress === 'object' && progress !== null;
}
