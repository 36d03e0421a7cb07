import { DurationHistogram } from './duration-histogram.ts';

/** Counts what this process does with the jobs of one queue. Durations are in milliseconds. */
export class JobCounts {
  enqueued = 0;
  deduplicated = 0;
  completed = 0;
  /** Failed attempts that a retry follows. */
  retried = 0;
  dead = 0;
  /** From the message to the stored job. */
  readonly storeTimes = new DurationHistogram();
  /** From when a job is due to its first attempt. */
  readonly waitTimes = new DurationHistogram();
  /** Of the attempts that have ended. */
  readonly runTimes = new DurationHistogram();

  onStored(duration: number, deduplicated: boolean): void {
    if (deduplicated) this.deduplicated += 1;
    else this.enqueued += 1;
    this.storeTimes.record(duration);
  }

  onTaken(waited: number): void {
    this.waitTimes.record(waited);
  }

  onCompleted(ran: number): void {
    this.completed += 1;
    this.runTimes.record(ran);
  }

  onFailed(ran: number, isLast: boolean): void {
    if (isLast) this.dead += 1;
    else this.retried += 1;
    this.runTimes.record(ran);
  }
}
