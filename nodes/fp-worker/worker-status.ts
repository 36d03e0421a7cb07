import type { NodeStatus } from 'node-red';
import type { Connection } from '../../src/index.ts';
import type { Stuck } from '../running-deliveries.ts';
import { connectionStatus, counted, type StatusLine } from '../status.ts';

/** The jobs under way, as `RunningJobs` knows them. */
interface Jobs {
  readonly count: number;
  stuck(): Stuck | undefined;
  blocked(): string | undefined;
}

interface State {
  connection: Connection;
  /** Why the worker takes no jobs. */
  unconnected: string | undefined;
  /** What a running job reported last. */
  progress: string | undefined;
}

/** The name of a node that waits for further messages. */
const MERGES = /^(join|batch) |\((join|batch)\)$/;

/** Keeps a worker's status up to date. */
export class WorkerStatus {
  readonly #status: StatusLine;
  readonly #jobs: Jobs;
  readonly #concurrency: number;
  #state: State = { connection: { state: 'connecting' }, unconnected: undefined, progress: undefined };
  #completed = 0;
  #deadLetters = 0;

  /** `concurrency`: how many jobs the worker runs at once. */
  constructor(status: StatusLine, jobs: Jobs, concurrency: number) {
    this.#status = status;
    this.#jobs = jobs;
    this.#concurrency = concurrency;
  }

  /** The progress of a job shows until something else changes. */
  update(changed: Partial<State> = {}): void {
    this.#state = { ...this.#state, progress: undefined, ...changed };
    this.#status.show(() => this.#text());
  }

  completed(): void {
    this.#completed += 1;
    this.update();
  }

  deadLetter(): void {
    this.#deadLetters += 1;
    this.update();
  }

  #text(): NodeStatus {
    const { connection, unconnected } = this.#state;
    if (unconnected !== undefined) return { fill: 'yellow', shape: 'ring', text: unconnected };
    if (connection.state !== 'connected') return connectionStatus(connection);
    const blocked = this.#jobs.blocked();
    const counts = this.#counts();
    if (blocked !== undefined) return { fill: 'yellow', shape: 'dot', text: [blocked, ...counts].join(', ') };
    const { count } = this.#jobs;
    const now = [count > 0 ? `${count} running` : 'ready', ...this.#detail()];
    return { fill: count > 0 ? 'blue' : 'green', shape: 'dot', text: [...now, ...counts].join(', ') };
  }

  /** What a job reported, or who holds one for long. */
  #detail(): string[] {
    const { progress } = this.#state;
    const stuck = this.#jobs.stuck();
    if (progress !== undefined) return [progress];
    if (!stuck || stuck.holders.length === 0) return [];
    const held = `${stuck.count} held by ${stuck.holders.join(', ')}`;
    // A join that waits for more messages than there can be jobs at once never fills.
    const isStarved =
      stuck.count >= this.#concurrency && stuck.holders.every((holder) => MERGES.test(holder));
    return [isStarved ? `${held}: needs more jobs at once` : held];
  }

  #counts(): string[] {
    const parts = this.#completed > 0 ? [`${this.#completed} completed`] : [];
    return this.#deadLetters > 0 ? [...parts, counted(this.#deadLetters, 'dead letter')] : parts;
  }
}
