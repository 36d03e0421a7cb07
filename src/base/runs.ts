import { settledWithin } from './settled-within.ts';

/** Running work, with a signal to end each run. */
export class Runs {
  readonly #running = new Map<AbortController, Promise<unknown>>();

  get count(): number {
    return this.#running.size;
  }

  /** Starts a run, which must end when `stopping` aborts. */
  async start<T>(run: (stopping: AbortController) => Promise<T>): Promise<T> {
    const stopping = new AbortController();
    const running = run(stopping);
    this.#running.set(stopping, running);
    return running.finally(() => this.#running.delete(stopping));
  }

  /** Waits `grace` milliseconds for the runs, and then ends the rest. */
  async stop(grace: number, reason: Error): Promise<void> {
    if (await settledWithin(grace, Promise.allSettled(this.#running.values()))) return;
    for (const stopping of this.#running.keys()) stopping.abort(reason);
    await Promise.allSettled(this.#running.values());
  }
}
