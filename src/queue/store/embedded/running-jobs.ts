/** The jobs that one worker runs. */
export interface WorkerJobs {
  /** Holds a job until it has run, and some time longer, in which its end is recorded. */
  hold<T>(id: string, run: () => Promise<T>): Promise<T>;
  /** The worker has ended: what it left is abandoned. */
  close(): void;
}

interface Held {
  queue: string;
  running: Map<symbol, string>;
  ended: string[];
}

/**
 * The jobs that this process runs of one database. It alone has the database, so none of them is abandoned, however long
 * the process stood still and whatever its clock says.
 */
export class RunningJobs {
  readonly #workers = new Set<Held>();

  openWorker(queue: string): WorkerJobs {
    const held: Held = { queue, running: new Map(), ended: [] };
    this.#workers.add(held);
    return {
      async hold(id, run) {
        const mark = Symbol(id);
        held.running.set(mark, id);
        try {
          return await run();
        } finally {
          held.running.delete(mark);
          held.ended.push(id);
        }
      },
      close: () => void this.#workers.delete(held),
    };
  }

  /** The ids of a queue's jobs that are not abandoned; one that has ended since the last call is among them once more. */
  take(queue: string): string[] {
    const workers = [...this.#workers].filter((worker) => worker.queue === queue);
    return workers.flatMap(({ running, ended }) => [...running.values(), ...ended.splice(0)]);
  }
}
