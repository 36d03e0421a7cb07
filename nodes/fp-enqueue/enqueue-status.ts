import type { NodeStatus } from 'node-red';
import type { Connection } from '../../src/index.ts';
import type { QueueSample } from '../fp-queue-config/queue-watch.ts';
import { RecentCount } from '../recent-count.ts';
import { amount, connectionStatus, fitting, type StatusLine } from '../status.ts';

interface State {
  connection: Connection;
  /** Latest sample of the queue. */
  sample: QueueSample | undefined;
  /** Number of awaited results. */
  awaited: number;
}

/** Shows how many jobs wait, and how many this node stored in the last minute. */
export class EnqueueStatus {
  readonly #status: StatusLine;
  readonly #stored = new RecentCount(60_000);
  #state: State = { connection: { state: 'connecting' }, sample: undefined, awaited: 0 };

  constructor(status: StatusLine) {
    this.#status = status;
  }

  update(changed: Partial<State> = {}): void {
    this.#state = { ...this.#state, ...changed };
    this.#status.show(() => this.#text());
  }

  stored(): void {
    this.#stored.add();
    this.update();
  }

  #text(): NodeStatus {
    const { connection, sample, awaited } = this.#state;
    if (connection.state !== 'connected') return connectionStatus(connection);
    const perMinute = this.#stored.total();
    const isIdle = perMinute === 0 && awaited === 0 && !sample?.waiting;
    const parts = [
      ...(sample && !isIdle ? [`${amount(sample.waiting, sample.countedTo)} waiting`] : []),
      ...(awaited > 0 ? [`${amount(awaited)} awaited`] : []),
      ...(perMinute > 0 ? [`${amount(perMinute)}/min`] : []),
    ];
    if (sample?.isPaused) return { fill: 'yellow', shape: 'ring', text: fitting(['queue paused', ...parts]) };
    return { fill: 'green', shape: 'dot', text: isIdle ? 'connected' : fitting(parts) };
  }
}
