import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import type { StoreQueue } from './driver.ts';

/** The information in a worker's name. Workers of other programs only have a `name`. */
export interface WorkerIdentity {
  /** Name in the store; a job keeps the name of the worker that ran it. */
  name: string;
  /** Host name, at most 22 characters. */
  machine?: string;
  /** Process ID. */
  process?: number;
  /** Start time, in whole seconds. */
  since?: Date;
  /** Maximum number of concurrent jobs. */
  concurrency?: number;
  /** True if `fp-mqtt jobs worker stop` may stop its process. */
  isCommand?: boolean;
}

/** PostgreSQL truncates the name of a session to 63 bytes, of which 11 identify the queue. */
const LONGEST_MACHINE = 22;

const NAME = /^([\w.-]+):(\d+):(\d+):(\d+):([nc])[\w-]+$/;

/** Names a new worker of this process. Stores list clients by name, so the name has the information for users. */
export function workerName({
  concurrency,
  isCommand = false,
}: {
  concurrency: number;
  isCommand?: boolean | undefined;
}): string {
  const seconds = Math.floor(Date.now() / 1000);
  const tail = `${isCommand ? 'c' : 'n'}${randomBytes(3).toString('base64url')}`;
  return [machineName(), process.pid, seconds, concurrency, tail].join(':');
}

/** Parses a name from `workerName`. */
export function readWorkerName(name: string): WorkerIdentity {
  const [, machine, pid, seconds, concurrency, kind] = NAME.exec(name) ?? [];
  if (machine === undefined) return { name };
  return {
    name,
    machine,
    process: Number(pid),
    since: new Date(Number(seconds) * 1000),
    concurrency: Number(concurrency),
    isCommand: kind === 'c',
  };
}

/** Returns the names of a queue's workers with an open connection, in all processes. */
export async function connectedWorkers(queue: StoreQueue): Promise<string[]> {
  const clients = await queue.getWorkers();
  return clients.map(({ rawname = '' }) => rawname.split(':w:').at(1) ?? rawname);
}

/** Drops the domain of a long name. */
export function machineName(host = hostname()): string {
  const [first = ''] = host.split('.');
  const name = host.length > LONGEST_MACHINE ? first : host;
  return name.replaceAll(/[^\w.-]/g, '-').slice(0, LONGEST_MACHINE) || 'unknown';
}
