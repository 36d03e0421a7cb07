/**
 * Errors that mean an action. Each message says what is wrong and what the user can do about it.
 */

/** A payload, message or option is invalid. Don't retry. */
export class GiveUpError extends Error {
  override name = 'GiveUpError';
}

/** A payload does not have the format of its subscription; `payload` has the raw bytes. */
export class DecodeError extends GiveUpError {
  override name = 'DecodeError';
  readonly payload: Buffer;

  constructor(message: string, payload: Buffer, options?: ErrorOptions) {
    super(message, options);
    this.payload = payload;
  }
}

/** A value cannot be stored in a job or passed to a pipeline; `path` is for instance `msg.payload.socket`. */
export class SerializeError extends GiveUpError {
  override name = 'SerializeError';
  readonly path: string;

  constructor(path: string, reason: string, purpose = 'stored in a job') {
    super(`${path} cannot be ${purpose}: ${reason}`);
    this.path = path;
  }
}

/** Options are invalid. Lists every mistake with the name of the option. */
export class OptionsError extends GiveUpError {
  override name = 'OptionsError';
  readonly mistakes: readonly string[];

  constructor(mistakes: readonly string[]) {
    super(mistakes.join('; '));
    this.mistakes = mistakes;
  }
}

/** Another process, named in the message, uses the store's directory. */
export class StoreLockedError extends GiveUpError {
  override name = 'StoreLockedError';
}

/** The store is temporarily unavailable. Retry later. */
export class StoreUnavailableError extends Error {
  override name = 'StoreUnavailableError';
  /** Same as of a refused connection: BullMQ's workers retry after this code, but end after other errors. */
  readonly code = 'ECONNREFUSED';
  readonly syscall = 'connect';
}

/** A stop or redeploy interrupted the work. It did not fail; the sender must send it again. */
export class InterruptedError extends Error {
  override name = 'InterruptedError';
}

/** The work is postponed. It did not fail; the sender must send it again after `delay` milliseconds. */
export class PostponedError extends InterruptedError {
  override name = 'PostponedError';
  readonly delay: number;

  constructor(delay: number, message = `given back to the queue for ${delay / 1000} s`) {
    super(message);
    this.delay = delay;
  }
}

/**
 * A node in the flow cannot take the message, because it did not start, is not connected, or is disabled. The message
 * did not fail; it waits at the broker or in the queue until the flow is corrected.
 */
export class BlockedError extends PostponedError {
  override name = 'BlockedError';

  /** `reason` says what to do, for instance "connect the output to a node". */
  constructor(reason: string) {
    super(1000, reason);
  }
}

/** A timeout has passed. */
export class TimedOutError extends Error {
  override name = 'TimedOutError';

  /** Creates the error: `limit` is in milliseconds, `holders` are the nodes that have not finished. */
  static of(what: string, limit: number, holders: string[] = []): TimedOutError {
    const held = holders.length > 0 ? `; still held by ${holders.join(', ')}` : '';
    return new TimedOutError(`${what} ran longer than ${limit / 1000} s${held}`);
  }
}

/** Too much work is waiting. Send less, or send it again later; MQTT messages and jobs are sent again automatically. */
export class OverloadedError extends PostponedError {
  override name = 'OverloadedError';

  constructor(message: string) {
    super(1000, message);
  }
}

/** A pipeline failed; `message` and `stack` are from its Python or JavaScript error. */
export class PipelineError extends Error {
  override name = 'PipelineError';
  /** Class name of the pipeline's error, for instance `ValueError`. */
  readonly kind: string;

  constructor(kind: string, message: string, stack?: string) {
    super(`${kind}: ${message}`);
    this.kind = kind;
    if (stack !== undefined) this.stack = stack;
  }
}

/** A job that was waited for will have no result: it became a dead letter, or was removed. */
export class JobFailedError extends Error {
  override name = 'JobFailedError';
  readonly jobId: string;

  /** `stack` is that of the job's error. */
  constructor(jobId: string, message: string, stack?: string) {
    super(message);
    this.jobId = jobId;
    if (stack !== undefined) this.stack = stack;
  }
}

/** The pipeline is missing or ambiguous; `message` lists the pipelines. */
export class PipelineNotFoundError extends GiveUpError {
  override name = 'PipelineNotFoundError';
}

/** Python or another program that runs pipelines is missing; the message says how to install it. */
export class RunnerUnavailableError extends Error {
  override name = 'RunnerUnavailableError';
}
