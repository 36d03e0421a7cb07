import { OptionsError, type BulkOptions } from '../../src/index.ts';

interface Run {
  changed: number;
  stopping: AbortController;
}

/** Bulk actions under way, at most one for each queue. */
export class BulkRuns {
  readonly #runs = new Map<string, Run>();

  /** Number of jobs that the action under way has changed; undefined if there is none. */
  changed(queue: string): number | undefined {
    return this.#runs.get(queue)?.changed;
  }

  /** Ends the action after its current step. */
  stop(queue: string): void {
    this.#runs.get(queue)?.stopping.abort();
  }

  /**
   * Runs a bulk action.
   *
   * @throws OptionsError if another one is under way
   */
  async run(
    queue: string,
    work: (options: Required<BulkOptions>) => Promise<number | void>,
  ): Promise<number | void> {
    if (this.#runs.has(queue))
      throw new OptionsError(['a bulk action is under way: wait until it has ended, or stop it']);
    const run: Run = { changed: 0, stopping: new AbortController() };
    this.#runs.set(queue, run);
    try {
      return await work({ signal: run.stopping.signal, onProgress: (changed) => (run.changed = changed) });
    } finally {
      this.#runs.delete(queue);
    }
  }
}
