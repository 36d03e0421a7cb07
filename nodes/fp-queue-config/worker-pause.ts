type PauseListener = (isPaused: boolean) => void;

/** Pauses the workers of a queue in this Node-RED; those of other processes go on. */
export class WorkerPause {
  readonly #workers = new Set<PauseListener>();
  #isPaused = false;

  /** Adds a worker, and notifies it of each change; call the returned function when it has ended. */
  add(worker: PauseListener): () => void {
    const own: PauseListener = (isPaused) => worker(isPaused);
    this.#workers.add(own);
    own(this.#isPaused);
    return () => this.#workers.delete(own);
  }

  /** Returns the number of workers. */
  set(isPaused: boolean): number {
    this.#isPaused = isPaused;
    for (const worker of this.#workers) worker(isPaused);
    return this.#workers.size;
  }
}
