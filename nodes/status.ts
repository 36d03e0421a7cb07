import { isDeepStrictEqual } from 'node:util';
import type { NodeStatus } from 'node-red';
import type { Connection } from '../src/index.ts';

/** Minimum milliseconds between two changes, because each is sent to every open editor. */
const interval = 1000;

/** Maximum length of a status text; the log has the full text. */
const longest = 60;

/** A status, or a function that computes it when it is shown: a busy node's status changes with each message. */
type Status = NodeStatus | (() => NodeStatus);

/** A node's status line: shows the latest status if it has changed, at most once a second. */
export class StatusLine {
  readonly #show: (status: NodeStatus) => void;
  #next: Status | undefined;
  #shown: NodeStatus | undefined;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(show: (status: NodeStatus) => void) {
    this.#show = show;
  }

  show(status: Status): void {
    if (this.#closed) return;
    this.#next = status;
    if (this.#timer === undefined) this.#flush();
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  #flush(): void {
    this.#timer = undefined;
    if (this.#next === undefined) return;
    const next = shortened(typeof this.#next === 'function' ? this.#next() : this.#next);
    this.#next = undefined;
    this.#timer = setTimeout(() => this.#flush(), interval);
    this.#timer.unref();
    if (isDeepStrictEqual(next, this.#shown)) return;
    this.#shown = next;
    this.#show(next);
  }
}

function shortened(status: NodeStatus): NodeStatus {
  const text = status.text ?? '';
  return text.length <= longest ? status : { ...status, text: `${text.slice(0, longest - 1)}…` };
}

/** Returns the status of a connection: green is connected, yellow is retrying, red needs a person. */
export function connectionStatus(connection: Connection): NodeStatus {
  switch (connection.state) {
    case 'connecting':
      return { fill: 'yellow', shape: 'ring', text: 'connecting' };
    case 'connected':
      return { fill: 'green', shape: 'dot', text: 'connected' };
    case 'waiting':
      return { fill: 'yellow', shape: 'ring', text: connection.reason };
    case 'failed':
      return { fill: 'red', shape: 'ring', text: connection.reason };
    case 'closed':
      return {};
  }
}

/** Status of a queue that is switched off. */
export const switchedOff: NodeStatus = { fill: 'grey', shape: 'ring', text: 'the queue is switched off' };

/** Formats progress: "40 %", or an object as JSON. */
export function progressText(progress: number | object): string {
  return typeof progress === 'number' ? `${progress} %` : JSON.stringify(progress);
}

/** Formats a count: "1 dead letter", "2 dead letters". */
export function counted(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? '' : 's'}`;
}
