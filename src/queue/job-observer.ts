/** Callbacks for what this process does with the jobs of a queue. Durations are in milliseconds. */
export interface JobObserver {
  /** A job was stored; `deduplicated`: an earlier one has the same key. */
  onStored(duration: number, deduplicated: boolean): void;
  /** A worker has taken a job for its first attempt, `waited` after it was due. */
  onTaken(waited: number): void;
  /** The completion of a job is stored. */
  onCompleted(ran: number): void;
  /** The failure of an attempt is stored; `isLast`: the job became a dead letter. */
  onFailed(ran: number, isLast: boolean): void;
}

/** Combines several observers into one. */
export function allOf(...given: (JobObserver | undefined)[]): JobObserver {
  const observers = given.filter((observer) => observer !== undefined);
  return {
    onStored: (...what) => observers.forEach((observer) => observer.onStored(...what)),
    onTaken: (...what) => observers.forEach((observer) => observer.onTaken(...what)),
    onCompleted: (...what) => observers.forEach((observer) => observer.onCompleted(...what)),
    onFailed: (...what) => observers.forEach((observer) => observer.onFailed(...what)),
  };
}
