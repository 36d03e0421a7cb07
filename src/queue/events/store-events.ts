import { closingController } from '../../base/closing-controller.ts';
import { pause } from '../../base/growing-delay.ts';
import { orInterrupted } from '../../base/or-interrupted.ts';
import { FEW_EVENTS, type RestAfter, type StoreEvents } from '../store/driver.ts';
import { errorText } from '../store/error-text.ts';
import type { JobHead } from '../store/queue-access.ts';
import type { Store } from '../store/store.ts';
import { isEnd, jobEventKinds, type JobEvent, type JobEventKind } from './job-event.ts';
import type { Audience, EventSource } from './job-listeners.ts';
import { MissedEnds } from './missed-ends.ts';
import { RestBetweenReads } from './rest-between-reads.ts';
import { toEvent, type RawEvent } from './to-event.ts';
import { ToldEnds } from './told-ends.ts';
import { Twins } from './twins.ts';

/** Events whose jobs are read together. */
const BATCH = 100;
/** Milliseconds between two reads, so that many events are read together; an event after a silence is read at once. */
const REST = 25;
/** Events that may wait to be read; results may have 1 MiB each. */
const MOST_PENDING = 500;
/** Failed attempts that are remembered, so that a job given back afterwards does not seem to have failed again. */
const MOST_REMEMBERED = 1000;

/** If so many events come at once, some may be gone that the queue no longer kept. */
const MANY = (3 * FEW_EVENTS.events.maxLen) / 4;

/** The last failed attempt of a job. */
interface Failure {
  attempt: number;
  /** Whether a worker of this process, which tells of each attempt once, has told of it. */
  isOwn: boolean;
}

/** A queue whose events are heard. */
export interface HeardQueue {
  queue: string;
  /** Whether it keeps jobs that have ended. */
  keepsEnds: boolean;
}

/** Hears the events of a queue from all processes. BullMQ reconnects by itself, and goes on where it was. */
export function openStoreEvents(store: Store, of: HeardQueue, audience: Audience): EventSource {
  const source = new StoreEventSource(store, of, audience);
  void source.start();
  return source;
}

class StoreEventSource implements EventSource {
  readonly #store: Store;
  readonly #queue: string;
  readonly #audience: Audience;
  readonly #closing = closingController();
  readonly #failures = new Map<string, Failure>();
  readonly #told = new ToldEnds();
  readonly #twins = new Twins();
  readonly #missedEnds: MissedEnds;
  readonly #rest: RestBetweenReads;
  #atOnce = 0;
  #pending: RawEvent[] = [];
  #missed = 0;
  #isReading = false;
  #opened: Promise<StoreEvents> | undefined;

  constructor(store: Store, { queue, keepsEnds }: HeardQueue, audience: Audience) {
    this.#store = store;
    this.#queue = queue;
    this.#audience = audience;
    const closing = this.#closing.signal;
    this.#rest = new RestBetweenReads(
      () => keepsEnds && jobEventKinds.every((kind) => isEnd(kind) || !audience.wants(kind)),
    );
    this.#missedEnds = new MissedEnds({ store, queue, audience, told: this.#told, closing });
  }

  async start(): Promise<void> {
    void this.#missedEnds.start();
    const restAfter: RestAfter = (found, elapsed) => this.#rest.after(found, elapsed);
    this.#opened = this.#store.events(this.#queue, restAfter);
    try {
      const events = await this.#opened;
      if (!this.#closing.signal.aborted) this.#hear(events);
    } catch {
      // The store has been closed.
    }
  }

  tellOwn(event: JobEvent): void {
    const { kind, job, attempt = 0, at } = event;
    const id = job?.id ?? '';
    const isNew =
      kind === 'failed'
        ? this.#isNewFailure(id, attempt, true)
        : this.#told.add({ id, finishedAt: Number(at) });
    if (!isNew) return;
    this.#twins.add(kind, id);
    this.#audience.tell(event);
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
    events.on('failed', ({ jobId }) => {
      // If it is retried, its attempts are counted anew.
      this.#failures.delete(jobId);
      this.#add('dead', jobId);
    });
    // Before a retry a job waits, or is delayed: the job itself tells whether it has failed.
    events.on('delayed', ({ jobId }) => this.#add('failed', jobId));
    events.on('waiting', ({ jobId, prev }) => {
      if (prev === 'active') this.#add('failed', jobId);
    });
    events.on('stalled', ({ jobId }) => this.#add('stalled', jobId));
    events.on('progress', ({ jobId, data }) => this.#add('progress', jobId, { progress: data }));
    events.on('added', ({ jobId }) => this.#add('added', jobId));
    for (const kind of ['paused', 'resumed', 'drained'] as const) events.on(kind, () => this.#add(kind));
    const counted = ['completed', 'failed', 'delayed', 'waiting', 'active', 'progress', 'added'] as const;
    for (const kind of counted) events.on(kind, () => this.#count());
  }

  /** All events of a read come in one turn. */
  #count(): void {
    this.#atOnce += 1;
    if (this.#atOnce > 1) return;
    setImmediate(() => {
      if (this.#atOnce >= MANY) this.#missedEnds.soon();
      this.#atOnce = 0;
    });
  }

  #add(kind: JobEventKind, id?: string, more: Partial<RawEvent> = {}): void {
    if (this.#closing.signal.aborted || !this.#audience.wants(kind, id)) return;
    if (id !== undefined && this.#twins.take(kind, id)) return;
    this.#rest.wasUseful();
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
      this.#store.warn(`more events of the queue ${this.#queue} came than can be read: some may be missed`);
      this.#missedEnds.soon();
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
      if (closing.aborted) return;
      this.#missedEnds.soon();
      this.#store.warn(`events were missed: ${errorText(error)}`);
    }
  }

  async #heads(ids: string[]): Promise<Map<string, JobHead>> {
    const access = await this.#store.access(this.#queue);
    return access.heads(ids);
  }

  #tell(raw: RawEvent, head: JobHead | undefined): void {
    const { kind, id } = raw;
    // Since it came, this process may have told it.
    if (id !== undefined && this.#twins.take(kind, id)) return;
    if (kind === 'failed') return this.#tellFailure(raw, head);
    if (isEnd(kind) && !this.#isNewEnd(id ?? '', head)) return;
    this.#audience.tell(toEvent(raw, this.#queue, head));
  }

  #isNewEnd(id: string, head: JobHead | undefined): boolean {
    if (!head) return !this.#told.hasAny(id);
    // A dead letter that was retried at once has not ended.
    return head.finishedAt === undefined || this.#told.add({ id, finishedAt: head.finishedAt });
  }

  /** Tells of a failed attempt, unless there is none of which nobody was told. */
  #tellFailure(raw: RawEvent, head: JobHead | undefined): void {
    if (head?.error === undefined) return;
    const failed = head.attemptsMade - (head.finishedAt === undefined ? 0 : 1);
    if (failed === 0 || !this.#isNewFailure(head.id, failed)) return;
    this.#audience.tell(toEvent(raw, this.#queue, { ...head, attemptsMade: failed }));
  }

  #isNewFailure(id: string, attempt: number, isOwn = false): boolean {
    const last = this.#failures.get(id);
    // A second own one with the same number is that of a dead letter that was retried before the store's event has come.
    if (last?.attempt === attempt && !(isOwn && last.isOwn)) {
      last.isOwn ||= isOwn;
      return false;
    }
    this.#failures.delete(id);
    this.#failures.set(id, { attempt, isOwn });
    const [oldest] = this.#failures.keys();
    if (this.#failures.size > MOST_REMEMBERED && oldest !== undefined) this.#failures.delete(oldest);
    return true;
  }
}
