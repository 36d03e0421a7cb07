import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import type { StoreQueue } from './driver.ts';

/** A worker, as its name describes it. */
export interface WorkerIdentity {
  /** The name in the store; a job keeps the name of the worker that ran it. */
  name: string;
  /** Host name, at most 22 characters. Undefined for the worker of another program, as is all that follows. */
  machine?: string;
  /** Process id. */
  process?: number;
  /** To the second. */
  since?: Date;
  /** Most jobs that it runs at the same time. */
  concurrency?: number;
  /** Whether it belongs to a process of `fp-mqtt`, which `fp-mqtt jobs worker stop` may end. */
  isCommand?: boolean;
}

/** PostgreSQL cuts the name of a session to 63 bytes, of which 11 mark the queue. */
const LONGEST_MACHINE = 22;

const NAME = /^([\w.-]+):(\d+):(\d+):(\d+):([nc])[\w-]+$/;

/** Names a new worker of this process. Stores list their clients by name, so the name holds what people want to know. */
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

/** Reads what `workerName` wrote. */
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

/** Names of the workers of a queue whose connections are open, in all processes. */
export async function connectedWorkers(queue: StoreQueue): Promise<string[]> {
  const clients = await queue.getWorkers();
  return clients.map(({ rawname = '' }) => rawname.split(':w:').at(1) ?? rawname);
}

/** A long name loses its domain first. */
export function machineName(host = hostname()): string {
  const [first = ''] = host.split('.');
  const name = host.length > LONGEST_MACHINE ? first : host;
  return name.replaceAll(/[^\w.-]/g, '-').slice(0, LONGEST_MACHINE) || 'unknown';
}
