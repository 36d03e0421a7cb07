import type { JobRef } from '../../base/model.ts';
import { closingController } from '../../base/closing-controller.ts';
import { pause } from '../../base/growing-delay.ts';
import { orInterrupted } from '../../base/or-interrupted.ts';
import { decodeValue } from '../../values/value-tags.ts';
import type { Progress } from '../attempt.ts';
import { dateOf } from '../inspect/list-jobs.ts';
import type { StoreEvents } from '../store/driver.ts';
import { errorText } from '../store/error-text.ts';
import type { JobHead } from '../store/queue-access.ts';
import type { Store } from '../store/store.ts';
import { readWorkerName } from '../store/worker-name.ts';
import type { JobEvent, JobEventKind } from './job-event.ts';
import type { Audience, EventSource } from './job-listeners.ts';

/** What BullMQ tells at once. The rest is read from the job. */
interface RawEvent {
  kind: JobEventKind;
  id: string | undefined;
  at: Date;
  /** Encoded. */
  result?: unknown;
  progress?: unknown;
}

/** Events whose jobs are read together. */
const BATCH = 100;
/** Milliseconds between two reads, so that many events are read together; an event after a silence is read at once. */
const REST = 25;
/** Events that may wait to be read; results may have 1 MiB each. */
const MOST_PENDING = 500;
/** Failed attempts that are remembered, so that a job given back afterwards does not seem to have failed again. */
const MOST_REMEMBERED = 1000;

/** Hears the events of a queue from all processes. BullMQ reconnects by itself, and goes on where it was. */
export function openStoreEvents(store: Store, queue: string, audience: Audience): EventSource {
  const source = new StoreEventSource(store, queue, audience);
  void source.start();
  return source;
}

class StoreEventSource implements EventSource {
  readonly #store: Store;
  readonly #queue: string;
  readonly #audience: Audience;
  readonly #closing = closingController();
  readonly #failures = new Map<string, number>();
  #pending: RawEvent[] = [];
  #missed = 0;
  #isReading = false;
  #opened: Promise<StoreEvents> | undefined;

  constructor(store: Store, queue: string, audience: Audience) {
    this.#store = store;
    this.#queue = queue;
    this.#audience = audience;
  }

  async start(): Promise<void> {
    this.#opened = this.#store.events(this.#queue);
    try {
      const events = await this.#opened;
      if (!this.#closing.signal.aborted) this.#hear(events);
    } catch {
      // The store has been closed.
    }
  }

  async close(): Promise<void> {
    this.#closing.abort();
    this.#pending = [];
    // While the store is away it is not there yet; the store closes it then.
    void this.#opened?.then(
      (events) => this.#store.closeEvents(events),
      () => undefined,
    );
    if (this.#store.connection().state === 'connected') await this.#opened?.catch(() => undefined);
  }

  #hear(events: StoreEvents): void {
    events.on('completed', ({ jobId, returnvalue }) =>
      this.#add('completed', jobId, { result: returnvalue }),
    );
    events.on('failed', ({ jobId }) => this.#add('dead', jobId));
    // Before a retry a job waits, or is delayed: the job itself tells whether it has failed.
    events.on('delayed', ({ jobId }) => this.#add('failed', jobId));
    events.on('waiting', ({ jobId, prev }) => {
      if (prev === 'active') this.#add('failed', jobId);
    });
    events.on('stalled', ({ jobId }) => this.#add('stalled', jobId));
    events.on('progress', ({ jobId, data }) => this.#add('progress', jobId, { progress: data }));
    events.on('added', ({ jobId }) => this.#add('added', jobId));
    for (const kind of ['paused', 'resumed', 'drained'] as const) events.on(kind, () => this.#add(kind));
  }

  #add(kind: JobEventKind, id?: string, more: Partial<RawEvent> = {}): void {
    if (this.#closing.signal.aborted || !this.#audience.wants(kind, id)) return;
    if (this.#pending.length >= MOST_PENDING) {
      this.#missed += 1;
      return;
    }
    this.#pending.push({ kind, id, at: new Date(), ...more });
    if (!this.#isReading) void this.#readAll();
  }

  async #readAll(): Promise<void> {
    this.#isReading = true;
    // What comes in one turn is read together.
    await Promise.resolve();
    while (this.#pending.length > 0) {
      await this.#read(this.#pending.splice(0, BATCH));
      if (this.#pending.length < BATCH) await pause(REST, this.#closing.signal);
    }
    this.#isReading = false;
    if (this.#missed > 0) {
      this.#store.warn(`more events of the queue ${this.#queue} came than can be read: some were missed`);
      this.#missed = 0;
    }
  }

  /** Never rejects. */
  async #read(batch: RawEvent[]): Promise<void> {
    const closing = this.#closing.signal;
    const ids = new Set(batch.flatMap(({ id }) => id ?? []));
    try {
      const heads = ids.size > 0 ? await orInterrupted(this.#heads([...ids]), closing) : new Map();
      for (const raw of batch) if (!closing.aborted) this.#tell(raw, heads.get(raw.id ?? ''));
    } catch (error) {
      if (!closing.aborted) this.#store.warn(`events were missed: ${errorText(error)}`);
    }
  }

  async #heads(ids: string[]): Promise<Map<string, JobHead>> {
    const access = await this.#store.access(this.#queue);
    return access.heads(ids);
  }

  #tell(raw: RawEvent, head: JobHead | undefined): void {
    if (raw.kind !== 'failed') this.#audience.tell(toEvent(raw, this.#queue, head));
    else if (head) this.#tellFailure(raw, head);
  }

  /** Tells of a failed attempt, unless there is none of which nobody was told. */
  #tellFailure(raw: RawEvent, head: JobHead): void {
    const failed = head.attemptsMade - (head.finishedAt === undefined ? 0 : 1);
    if (head.error === undefined || (this.#failures.get(head.id) ?? 0) >= failed) return;
    this.#failures.delete(head.id);
    this.#failures.set(head.id, failed);
    const [oldest] = this.#failures.keys();
    if (this.#failures.size > MOST_REMEMBERED && oldest !== undefined) this.#failures.delete(oldest);
    this.#audience.tell(toEvent(raw, this.#queue, { ...head, attemptsMade: failed }));
  }
}

function toEvent(raw: RawEvent, queue: string, head: JobHead | undefined): JobEvent {
  const { kind, id, at } = raw;
  const job: JobRef | undefined = id === undefined ? undefined : { id, name: head?.name ?? '', queue };
  const isEnd = kind === 'completed' || kind === 'dead';
  return {
    kind,
    queue,
    job,
    at: (isEnd && dateOf(head?.finishedAt)) || at,
    ...(kind === 'completed' && { result: decodeValue(raw.result) }),
    ...(kind === 'progress' && { progress: decodeValue(raw.progress) as Progress }),
    ...((kind === 'dead' || kind === 'failed') && {
      error: { message: head?.error ?? 'the job is gone', stack: head?.stack },
    }),
    ...(head && { attempt: head.attemptsMade, attempts: head.attempts }),
    worker: head?.worker === undefined ? undefined : readWorkerName(head.worker),
  };
}
