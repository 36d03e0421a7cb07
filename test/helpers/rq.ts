/** Real RQ: its workers, its command line, and Python that uses it. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import { Redis } from 'ioredis';
import { readPickle } from '../../src/payload/pickle/pickle.ts';
import { readRqResult, type RqResult } from '../../src/queue/rq/read-result.ts';
import { openRqStore, type RqStore } from '../../src/queue/rq/rq-store.ts';
import { openRqProducer } from '../../src/queue/rq/rq-producer.ts';
import type { RqQueueOptions } from '../../src/queue/rq/rq-options.ts';
import type { ProducerLimits, Producer } from '../../src/queue/producer.ts';
import { flowerpowerPython, oldRqPython } from './python.ts';
import type { ServerName } from './requires.ts';
import { runWithRq } from './rq-starter.ts';
import { unique } from './unique.ts';
import { until } from './until.ts';

/** Where the functions are that workers run, in the sources. */
export const tasksFolder = join(__dirname, '../../../test/helpers');

/** The releases of RQ that are tried. */
export const rqReleases: { release: string; needs: ServerName[]; python: string }[] = [
  { release: 'the newest RQ', needs: ['redis', 'flowerpower'], python: flowerpowerPython ?? '' },
  { release: 'RQ 1.16', needs: ['redis', 'rq 1.16'], python: oldRqPython ?? '' },
];

/** A program of a Python's environment, for instance `rq`. */
export function programOf(python: string, name: string): string {
  return join(dirname(python), name);
}

export interface RqWorker {
  process: ChildProcess;
  /** All that it has logged. */
  output(): string;
  /** Asks it to end, and waits. */
  stop(): Promise<void>;
  /** Kills it, but not what it has forked. */
  kill(): Promise<void>;
}

interface WorkerOptions {
  port: number;
  queue: string;
  args?: string[];
  /** Where its functions are. Default: rq_tasks.py */
  path?: string;
  /** A network of its own, from which this machine is seen as `host`. */
  network?: { prefix: string[]; host: string } | undefined;
}

export function startRqWorker(python: string, options: WorkerOptions): RqWorker {
  const [program = '', ...given] = [...(options.network?.prefix ?? []), ...workerCommand(python, options)];
  const process = spawn(program, given, { stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  let output = '';
  const hear = (chunk: Buffer) => (output = (output + chunk.toString()).slice(-100_000));
  process.stdout.on('data', hear);
  process.stderr.on('data', hear);
  // Not 'close', which also waits for what it has forked, and that may wait for the test.
  const ended = once(process, 'exit');
  // A worker may lose a signal: RQ raises an exception in its handler, and redis-py drops what is raised in its destructors.
  const end = async (signal: NodeJS.Signals) => {
    process.kill(signal);
    const again = setInterval(() => process.kill(signal), 5000);
    await ended;
    clearInterval(again);
  };
  return { process, output: () => output, stop: () => end('SIGTERM'), kill: () => end('SIGKILL') };
}

function workerCommand(
  python: string,
  { port, queue, args = [], path = tasksFolder, network }: WorkerOptions,
): string[] {
  const url = `redis://${network?.host ?? '127.0.0.1'}:${port}`;
  return [programOf(python, 'rq'), 'worker', queue, '--url', url, '--path', path, ...args];
}

/** Runs all that waits, and ends. */
export async function runBurst(python: string, options: WorkerOptions): Promise<string> {
  const [, ...args] = workerCommand(python, { ...options, args: ['--burst', ...(options.args ?? [])] });
  const { stdout, stderr } = await runWithRq(python, { name: 'rq', args });
  return stdout + stderr;
}

/** Runs a program of RQ's, such as `rqinfo`. */
export async function runProgram(python: string, name: string, args: string[]): Promise<string> {
  return (await runWithRq(python, { name, args })).stdout;
}

/** Runs Python with RQ; `queue` is a Queue and `connection` its Redis. The last line that it prints is JSON. */
export async function pythonWithRq<T>(
  python: string,
  { port, queue }: { port: number; queue: string },
  lines: string[],
): Promise<T> {
  const code = [
    'import json, sys',
    'from redis import Redis',
    'from rq import Queue',
    'from rq.job import Job',
    `sys.path.insert(0, ${JSON.stringify(tasksFolder)})`,
    `connection = Redis(port=${port})`,
    `queue = Queue(${JSON.stringify(queue)}, connection=connection)`,
    ...lines,
  ].join('\n');
  const { stdout } = await runWithRq(python, { name: '', args: [], code });
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? 'null') as T;
}

export interface RqBench {
  store: RqStore;
  queue: string;
  producer: Producer;
  warnings: string[];
  close(): Promise<void>;
}

/** A queue of its own, and a producer for it. */
export function openRqBench(
  port: number,
  { limits, ...options }: Partial<RqQueueOptions> & { limits?: ProducerLimits } = {},
): RqBench {
  const warnings: string[] = [];
  const store = openRqStore(
    { store: 'rq', redis_url: `redis://127.0.0.1:${port}` },
    { onWarning: (text) => warnings.push(text) },
  );
  const queue = options.queue_name ?? unique('queue');
  const producer = openRqProducer(
    store,
    { function: 'rq_tasks.words_of', max_retries: 0, ...options, queue_name: queue },
    limits,
  );
  return {
    store,
    queue,
    producer,
    warnings,
    async close() {
      await producer.close(0);
      await store.close();
    },
  };
}

/** How a job ended, as soon as it has. */
export function resultOf({ store }: RqBench, id: string): Promise<RqResult> {
  return until(`job ${id} has ended`, () => readRqResult(store, id, readPickle));
}

/** As if the time had passed in which RQ waits for a killed worker; gives how many jobs were taken and not yet started. */
export async function expireClaims(port: number, queue: string): Promise<number> {
  const redis = new Redis(port);
  const taken = `rq:queue:${queue}:intermediate`;
  for (const member of await redis.zrange(`rq:wip:${queue}`, 0, '-1')) {
    await redis.zadd(`rq:wip:${queue}`, 1, member);
  }
  const ids = await redis.lrange(taken, 0, -1);
  for (const id of ids) await redis.set(`${taken}:first_seen:${id}`, 1);
  await redis.del(`rq:clean_registries:${queue}`);
  redis.disconnect();
  return ids.length;
}
