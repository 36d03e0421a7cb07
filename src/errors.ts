/**
 * Errors that mean an action. Each message says what is wrong and what the user can do about it.
 */

/** A payload, a message or an option is wrong as it stands: trying again would not help, so give up. */
export class GiveUpError extends Error {
  override name = 'GiveUpError';
}

/** A payload does not have the format its subscription names; `payload` is the raw bytes. */
export class DecodeError extends GiveUpError {
  override name = 'DecodeError';
  readonly payload: Buffer;

  constructor(message: string, payload: Buffer, options?: ErrorOptions) {
    super(message, options);
    this.payload = payload;
  }
}

/** A value cannot be written into a job or handed to a pipeline; `path` names the property, for instance `msg.payload.socket`. */
export class SerializeError extends GiveUpError {
  override name = 'SerializeError';
  readonly path: string;

  constructor(path: string, reason: string, purpose = 'stored in a job') {
    super(`${path} cannot be ${purpose}: ${reason}`);
    this.path = path;
  }
}

/** Options are wrong; every mistake is listed, each with the property's name. */
export class OptionsError extends GiveUpError {
  override name = 'OptionsError';
  readonly mistakes: readonly string[];

  constructor(mistakes: readonly string[]) {
    super(mistakes.join('; '));
    this.mistakes = mistakes;
  }
}

/** The store's directory is in use by another process, which the message names. */
export class StoreLockedError extends GiveUpError {
  override name = 'StoreLockedError';
}

/** The store cannot be reached now: it may pass, so try again later. */
export class StoreUnavailableError extends Error {
  override name = 'StoreUnavailableError';
  /** As of a refused connection: BullMQ's workers wait and go on after this one, any other error ends them. */
  readonly code = 'ECONNREFUSED';
  readonly syscall = 'connect';
}

/** The work was interrupted by a stop or redeploy: nothing failed, whoever sent it must send it again. */
export class InterruptedError extends Error {
  override name = 'InterruptedError';
}

/** The work is wanted later: nothing failed, it is to be sent again in `delay` milliseconds. */
export class PostponedError extends InterruptedError {
  override name = 'PostponedError';
  readonly delay: number;

  constructor(delay: number, message = `given back to the queue for ${delay / 1000} s`) {
    super(message);
    this.delay = delay;
  }
}

/**
 * A node on the message's way cannot take it: it did not start, is not connected, or is disabled. Nothing failed. The message
 * waits, at the broker or in the queue, until somebody corrects the flow.
 */
export class BlockedError extends PostponedError {
  override name = 'BlockedError';

  /** `reason` says what to do, for instance "connect the output to a node". */
  constructor(reason: string) {
    super(1000, reason);
  }
}

/** Something took longer than it may. */
export class TimedOutError extends Error {
  override name = 'TimedOutError';

  /** `what` ran past its `limit` in milliseconds; `holders` are the nodes that have not finished with it. */
  static of(what: string, limit: number, holders: string[] = []): TimedOutError {
    const held = holders.length > 0 ? `; still held by ${holders.join(', ')}` : '';
    return new TimedOutError(`${what} ran longer than ${limit / 1000} s${held}`);
  }
}

/** More work waits than the bound allows: send less, or send it again later, as a message of MQTT and a job are by themselves. */
export class OverloadedError extends PostponedError {
  override name = 'OverloadedError';

  constructor(message: string) {
    super(1000, message);
  }
}

/** A pipeline failed, in its own words: `message` and `stack` are those of its Python or JavaScript. */
export class PipelineError extends Error {
  override name = 'PipelineError';
  /** The name of the error's own class, for instance `ValueError`. */
  readonly kind: string;

  constructor(kind: string, message: string, stack?: string) {
    super(`${kind}: ${message}`);
    this.kind = kind;
    if (stack !== undefined) this.stack = stack;
  }
}

/** There is no pipeline of that name, or more than one: `message` lists what there is. */
export class PipelineNotFoundError extends GiveUpError {
  override name = 'PipelineNotFoundError';
}

/** What runs a pipeline is not there, for instance Python: the message says how to install it. */
export class RunnerUnavailableError extends Error {
  override name = 'RunnerUnavailableError';
}
