import { OptionsError } from '../errors.ts';
import type { StoreJob, StoreQueue } from './store/driver.ts';
import { encodeValue, walkFrom } from '../encode-value.ts';
import { LARGEST_JOB } from './job/job-data.ts';
import { safeText } from './job/safe-error.ts';

const LONGEST_LINE = 2000;
const MOST_LINES = 1000;
const LARGEST_PROGRESS = 10_000;

/** How far a job is: a number from 0 to 100, or a small object. */
export type Progress = number | object;

/** One attempt at a job, while it runs: what a pipeline may tell about it and do to it. */
export class Attempt {
  readonly #job: Pick<StoreJob, 'id' | 'updateProgress'>;
  readonly #queue: () => Promise<Pick<StoreQueue, 'addJobLog'>>;
  readonly #onProgress: (progress: Progress) => void;
  readonly #ending = new AbortController();
  #result: unknown;

  constructor(
    job: Pick<StoreJob, 'id' | 'updateProgress'>,
    queue: () => Promise<Pick<StoreQueue, 'addJobLog'>>,
    onProgress: (progress: Progress) => void,
  ) {
    this.#job = job;
    this.#queue = queue;
    this.#onProgress = onProgress;
  }

  /** Aborts when the attempt has to end at once; the reason is why. */
  get signal(): AbortSignal {
    return this.#ending.signal;
  }

  /** What `setResult` was given last. */
  get result(): unknown {
    return this.#result;
  }

  /**
   * What the job's result will be if it completes, at most 1 MiB.
   *
   * @throws SerializeError when it cannot be stored; it names the path
   */
  setResult(result: unknown): void {
    encodeValue(result, walkFrom('result', LARGEST_JOB));
    this.#result = result;
  }

  /**
   * Records how far the job is; waits while the store is away.
   *
   * @throws OptionsError when it is neither a number from 0 to 100 nor a small object; SerializeError
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

  /** Adds a line to the job's log, of which the newest 1,000 are kept; it is cut to 2,000 characters. */
  async log(line: string): Promise<void> {
    const queue = await this.#queue();
    await queue.addJobLog(this.#job.id ?? '', safeText(line, LONGEST_LINE), MOST_LINES);
  }

  /** Ends the attempt now, as if `run` had rejected with `reason`: PostponedError gives the job back for later. */
  end(reason: Error): void {
    this.#ending.abort(reason);
  }
}

function isProgress(progress: unknown): progress is Progress {
  if (typeof progress === 'number') return progress >= 0 && progress <= 100;
  return typeof progress === 'object' && progress !== null;
}
