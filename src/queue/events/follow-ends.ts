import { closingController } from '../../base/closing-controller.ts';
import { orInterrupted } from '../../base/or-interrupted.ts';
import { settledWithin } from '../../base/settled-within.ts';
import { errorText } from '../store/error-text.ts';
import type { EndedJob, QueueAccess } from '../store/queue-access.ts';
import type { Store } from '../store/store.ts';
import {
  endKinds,
  isEnd,
  type FollowJobs,
  type JobEvent,
  type JobListener,
  type ListenToJobs,
} from './job-event.ts';
import { LATE } from './missed-ends.ts';
import { readEndEvents, readEnds } from './read-ends.ts';
import { ToldEnds } from './told-ends.ts';

/** Ends that are told after an absence, and events that wait for it. */
const MOST = 10_000;
/** Ends that are written with the position when the follower closes, so that they are not told again. */
const MOST_WRITTEN = 1000;
/** Milliseconds between two writes of the position, and for the last one. */
const WRITE_INTERVAL = 1000;
const CLOSE_TIME = 1000;

/** How far a follower has heard. */
interface Position {
  /** Time of the last end, in milliseconds since 1970. */
  at: number;
  /** Ends of the last seconds that were told. */
  told?: EndedJob[];
}

interface FollowedQueue {
  store: Store;
  queue: string;
  listen: ListenToJobs;
}

/** Listeners that are first told what ended while they did not listen; the queue keeps how far each has heard. */
export function endFollower(of: FollowedQueue): FollowJobs {
  return (name, listener) => {
    const follower = new Follower(of, name, listener);
    void follower.start();
    return (forget) => follower.close(forget);
  };
}

class Follower {
  readonly #of: FollowedQueue;
  readonly #name: string;
  readonly #listener: JobListener;
  readonly #closing = closingController();
  readonly #told = new ToldEnds();
  readonly #stopListening: () => void;
  /** Events that have come before all was told that ended earlier. */
  #waiting: JobEvent[] | undefined = [];
  /** Undefined until the position is read. */
  #at: number | undefined;
  #timer: NodeJS.Timeout | undefined;
  #written: Promise<void> = Promise.resolve();

  constructor(of: FollowedQueue, name: string, listener: JobListener) {
    this.#of = of;
    this.#name = name;
    this.#listener = listener;
    this.#stopListening = of.listen({ ...listener, onEvent: (event) => this.#heard(event) });
  }

  /** Never rejects. */
  async start(): Promise<void> {
    const { store, queue } = this.#of;
    const closing = this.#closing.signal;
    try {
      const access = await orInterrupted(store.access(queue), closing);
      const position = readPosition(await orInterrupted(access.readNote(this.#name), closing));
      this.#moveTo(position?.at ?? Date.now());
      if (position) await this.#catchUp(access, position);
    } catch (error) {
      if (!closing.aborted) store.warn(`what ended meanwhile cannot be read: ${errorText(error)}`);
    }
    const waiting = this.#waiting ?? [];
    this.#waiting = undefined;
    for (const event of waiting) if (!closing.aborted) this.#tell(event);
  }

  /** `forget`: the position is removed. Takes a bounded time. */
  async close(forget = false): Promise<void> {
    this.#stopListening();
    this.#closing.abort();
    clearTimeout(this.#timer);
    const { store } = this.#of;
    if (store.connection().state !== 'connected') return;
    if (forget) await settledWithin(CLOSE_TIME, this.#write(undefined));
    if (forget || this.#at === undefined) return;
    const told = this.#told.since(this.#at - LATE).slice(-MOST_WRITTEN);
    await settledWithin(CLOSE_TIME, this.#write({ at: this.#at, told }));
  }

  async #catchUp(access: QueueAccess, { at, told = [] }: Position): Promise<void> {
    const { store, queue } = this.#of;
    const closing = this.#closing.signal;
    for (const end of told) this.#told.add(end);
    const kinds = endKinds.filter((kind) => this.#listener.kinds.includes(kind));
    const limit = MOST + told.length + 1;
    const ends = await orInterrupted(readEnds(access, { kinds, since: at - LATE, limit }), closing);
    const missed = ends.filter((end) => !this.#told.has(end));
    if (missed.length > MOST) {
      store.warn(`more than ${MOST} jobs of the queue ${queue} ended meanwhile: only the newest are told`);
    }
    for await (const { event } of readEndEvents(access, queue, missed.slice(-MOST))) {
      if (closing.aborted) return;
      this.#tell(event);
    }
  }

  #heard(event: JobEvent): void {
    if (!this.#waiting) this.#tell(event);
    else if (this.#waiting.length < MOST) this.#waiting.push(event);
  }

  #tell(event: JobEvent): void {
    const { kind, job, at } = event;
    if (isEnd(kind) && job) {
      if (!this.#told.add({ id: job.id, finishedAt: Number(at) })) return;
      // The clock of the machine where it ran may be ahead.
      this.#moveTo(Math.min(Number(at), Date.now()));
    }
    this.#listener.onEvent(event);
  }

  #moveTo(at: number): void {
    this.#at = Math.max(this.#at ?? 0, at);
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      if (!this.#closing.signal.aborted) void this.#write({ at: this.#at ?? at });
    }, WRITE_INTERVAL);
  }

  /** One write after the other. */
  #write(position: Position | undefined): Promise<void> {
    this.#written = this.#written.then(() => this.#writeNow(position));
    return this.#written;
  }

  /** Never rejects: the next write has the position, too. */
  async #writeNow(position: Position | undefined): Promise<void> {
    const { store, queue } = this.#of;
    try {
      const access = await store.access(queue);
      await access.writeNote(this.#name, position && JSON.stringify(position));
    } catch {
      // Without it more is told again.
    }
  }
}

function readPosition(text: string | undefined): Position | undefined {
  if (text === undefined) return undefined;
  try {
    const { at, told } = JSON.parse(text) as Partial<Position>;
    if (typeof at !== 'number') return undefined;
    return { at, ...(Array.isArray(told) && { told }) };
  } catch {
    return undefined;
  }
}
