import type { NodeStatus } from 'node-red';
import type { Connection } from '../../src/index.ts';
import type { QueueSample } from '../fp-queue-config/queue-watch.ts';
import { RecentCount } from '../recent-count.ts';
import type { Stuck } from '../running-deliveries.ts';
import { amount, connectionStatus, counted, fitting, shortName, type StatusLine } from '../status.ts';

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
  /** Whether the workers of this Node-RED are paused. */
  isPaused: boolean;
  /** The queue's numbers. */
  sample: QueueSample | undefined;
  /** What a running job reported last. */
  progress: string | undefined;
}

interface WorkerStatusOptions {
  /** How many jobs the worker runs at once. */
  concurrency: number;
  /** Whether the queue keeps dead letters. Then those that were retried or removed are not told of any more. */
  keepsDeadLetters: boolean;
  /** Gets the long text of a status that is cut. */
  warn: (text: string) => void;
  /** Milliseconds of a steady clock. Default: performance.now */
  now?: () => number;
}

/** The name of a node that waits for further messages. */
const MERGES = /^(join|batch) |\((join|batch)\)$/;

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Keeps a worker's status up to date. */
export class WorkerStatus {
  readonly #status: StatusLine;
  readonly #jobs: Jobs;
  readonly #options: WorkerStatusOptions;
  readonly #now: () => number;
  readonly #ended = new RecentCount(MINUTE);
  readonly #deadLetters = new RecentCount(HOUR);
  #state: State = {
    connection: { state: 'connecting' },
    unconnected: undefined,
    isPaused: false,
    sample: undefined,
    progress: undefined,
  };
  #warned: string | undefined;

  constructor(status: StatusLine, jobs: Jobs, options: WorkerStatusOptions) {
    this.#status = status;
    this.#jobs = jobs;
    this.#options = options;
    this.#now = options.now ?? (() => performance.now());
  }

  /** The progress of a job shows until something else changes. */
  update(changed: Partial<State> = {}): void {
    this.#state = { ...this.#state, progress: undefined, ...changed };
    this.#status.show(() => this.#text());
  }

  completed(): void {
    this.#ended.add(this.#now());
    this.update();
  }

  deadLetter(): void {
    this.#ended.add(this.#now());
    this.#deadLetters.add(this.#now());
    const { sample } = this.#state;
    // The next sample has it, too.
    this.update(sample && { sample: { ...sample, dead: sample.dead + 1 } });
  }

  /** What needs a person comes first. */
  #text(): NodeStatus {
    const { connection, unconnected, isPaused, sample } = this.#state;
    if (unconnected !== undefined) return { fill: 'yellow', shape: 'ring', text: unconnected };
    if (connection.state !== 'connected') return connectionStatus(connection);
    const { count } = this.#jobs;
    const running = count > 0 ? [`${count} running`] : [];
    if (isPaused) return { fill: 'yellow', shape: 'ring', text: fitting(['paused', ...running]) };
    if (sample?.isPaused)
      return { fill: 'yellow', shape: 'ring', text: fitting(['queue paused', ...running]) };
    const blocked = this.#jobs.blocked();
    if (blocked !== undefined) return { fill: 'yellow', shape: 'dot', text: fitting([blocked, ...running]) };
    const trouble = this.#trouble();
    const perMinute = this.#ended.total(this.#now());
    if (trouble && count === 0 && perMinute === 0)
      return { fill: 'yellow', shape: 'dot', text: trouble.long };
    const work = [
      ...(count > 0 ? running : ['ready']),
      ...this.#held(),
      ...(perMinute > 0 ? [`${amount(perMinute)}/min`] : []),
    ];
    if (trouble) return { fill: 'yellow', shape: 'dot', text: fitting([...work, trouble.short]) };
    return { fill: count > 0 ? 'blue' : 'green', shape: 'dot', text: fitting(work) };
  }

  #trouble(): { short: string; long: string } | undefined {
    const { sample } = this.#state;
    const lately = this.#deadLetters.total(this.#now());
    const dead = this.#options.keepsDeadLetters && sample ? Math.min(lately, sample.dead) : lately;
    if (dead > 0) {
      const short = counted(dead, 'dead letter');
      return { short, long: `${short} in the last hour` };
    }
    if (!sample?.isGrowing) return undefined;
    const short = `${amount(sample.waiting, sample.countedTo)} waiting`;
    return { short, long: `the backlog grows, ${short}` };
  }

  /** What a job reported, or who holds one for long. */
  #held(): string[] {
    const { progress } = this.#state;
    const stuck = this.#jobs.stuck();
    if (progress !== undefined) return [progress];
    if (!stuck || stuck.holders.length === 0) return [];
    const { concurrency } = this.#options;
    // A join that waits for more messages than there can be jobs at once never fills.
    const isStarved = stuck.count >= concurrency && stuck.holders.every((holder) => MERGES.test(holder));
    if (!isStarved) return [`${stuck.count} held by ${stuck.holders.map(shortName).join(', ')}`];
    this.#warnOnce(
      `${stuck.holders.join(', ')} waits for more messages than the ${counted(concurrency, 'job')} that can run at once: ` +
        'set Jobs in the dialog to the number of messages that it collects, or a timeout in that node',
    );
    return ['needs more jobs at once'];
  }

  #warnOnce(text: string): void {
    if (text === this.#warned) return;
    this.#warned = text;
    this.#options.warn(text);
  }
}
