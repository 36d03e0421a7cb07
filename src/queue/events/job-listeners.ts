import type { JobEvent, JobEventKind, JobListener } from './job-event.ts';

/** What a source of events is told, and tells. */
export interface Audience {
  /** Whether anybody wants to hear of this; of a queue as a whole if there is no ID. */
  wants(kind: JobEventKind, id?: string): boolean;
  /** `isLate`: the source has found it later; who did not listen when it happened does not hear of it. */
  tell(event: JobEvent, isLate?: boolean): void;
}

/** Where events come from. */
export interface EventSource {
  /** Tells of an attempt that ended in this process; left out where no worker can be. */
  tellOwn?(event: JobEvent): void;
  close(): Promise<void>;
}

/** All who listen to a queue. They share a source, which is open while there is a listener. */
export class JobListeners {
  readonly #open: (audience: Audience) => EventSource;
  /** For the workers of this process, which know of an end before the source does. */
  readonly own: Audience = {
    wants: (kind, id) => this.#wants(kind, id),
    tell: (event) => this.#source?.tellOwn?.(event),
  };
  readonly #listeners = new Set<JobListener & { since: number }>();
  #source: EventSource | undefined;
  #closing: Promise<unknown> = Promise.resolve();

  constructor(open: (audience: Audience) => EventSource) {
    this.#open = open;
  }

  /** Adds a listener; call the returned function to remove it. */
  add(listener: JobListener): () => void {
    // Two may pass the same object.
    const own = { ...listener, since: Date.now() };
    this.#listeners.add(own);
    this.#source ??= this.#open({
      wants: (kind, id) => this.#wants(kind, id),
      tell: (event, isLate) => this.#tell(event, isLate),
    });
    return () => {
      this.#listeners.delete(own);
      if (this.#listeners.size === 0) void this.close();
    };
  }

  async close(): Promise<void> {
    const source = this.#source;
    this.#source = undefined;
    this.#closing = Promise.all([this.#closing, source?.close()]);
    await this.#closing;
  }

  #wants(kind: JobEventKind, id?: string): boolean {
    for (const listener of this.#listeners) if (isFor(listener, kind, id)) return true;
    return false;
  }

  #tell(event: JobEvent, isLate = false): void {
    for (const listener of this.#listeners) {
      if (isLate && Number(event.at) < listener.since) continue;
      if (isFor(listener, event.kind, event.job?.id)) listener.onEvent(event);
    }
  }
}

function isFor({ kinds, isWanted }: JobListener, kind: JobEventKind, id: string | undefined): boolean {
  return kinds.includes(kind) && (id === undefined || !isWanted || isWanted(id));
}
