import { isDeepStrictEqual } from 'node:util';
import type { NodeStatus } from 'node-red';
import type { Connection } from '../src/index.ts';

/** Minimum milliseconds between two changes, because each is sent to every open editor. */
const interval = 1000;

/** Maximum characters of a status text, about the width of a node. The log has the full text. */
const longest = 36;

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
  const { text = '' } = status;
  return text.length <= longest ? status : { ...status, text: cut(text) };
}

/** Cuts a text behind its last whole word that fits. */
function cut(text: string): string {
  const start = text.slice(0, longest);
  const space = start.lastIndexOf(' ');
  const words = space > longest / 2 ? start.slice(0, space) : start.slice(0, -1);
  return `${words.replace(/[\s,:;(]+$/, '')}…`;
}

/** Joins the parts of a text, the most important first; leaves out those for which there is no room. */
export function fitting([first = '', ...others]: string[]): string {
  const join = (text: string, part: string) => `${text}, ${part}`;
  return others.reduce((text, part) => (join(text, part).length <= longest ? join(text, part) : text), first);
}

/** Returns the status of a connection: green is connected, yellow is retrying, red needs a person. */
export function connectionStatus(connection: Connection): NodeStatus {
  switch (connection.state) {
    case 'connecting':
      return { fill: 'yellow', shape: 'ring', text: 'connecting' };
    case 'connected':
      return { fill: 'green', shape: 'dot', text: 'connected' };
    case 'waiting':
      return { fill: 'yellow', shape: 'ring', text: shortReason(connection.reason) };
    case 'failed':
      return { fill: 'red', shape: 'ring', text: shortReason(connection.reason) };
    case 'closed':
      return {};
  }
}

/** Leaves out what the config node's log has, too: the address in front, and who refused or ended the connection. */
function shortReason(reason: string): string {
  return reason.replace(/^\S+:\d+: /, '').replace(/^the broker (refused|ended) the connection: /, '$1: ');
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

/** Formats a number: "1,234", or "10,000+" above what was counted. */
export function amount(count: number, countedTo = Infinity): string {
  const text = Math.min(count, countedTo).toLocaleString('en-US');
  return count > countedTo ? `${text}+` : text;
}

const units = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1000],
] as const;

/** Formats a duration in milliseconds by its largest unit: "4 min". */
export function age(ms: number): string {
  const [unit, length] = units.find(([, least]) => ms >= least) ?? ['s', 1000];
  return `${Math.floor(ms / length)} ${unit}`;
}

/** Returns the name of a node that holds a message, without its type. */
export function shortName(holder: string): string {
  return holder.replace(/ \([^()]*\)$/, '');
}
