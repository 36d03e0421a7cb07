import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { growingDelay, pause } from '../../base/growing-delay.ts';
import { untilStopped } from '../run/until-stopped.ts';
import { DONE, type Call } from '../verb.ts';

/** Milliseconds before a worker that died is started again. */
const DELAY = { first: 1000, longest: 60_000 };
/** Milliseconds after which a worker counts as one that lives. */
const LIVES = 30_000;

const COMMAND = join(__dirname, '../fp-mqtt.js');

/** What each worker is started with. */
export interface WorkerPlace {
  file: string;
  userDir: string;
}

/** Keeps `count` worker processes running until it is told to stop, or each was. */
export async function keepWorkers(call: Call, place: WorkerPlace, count: number): Promise<number> {
  const stop = new AbortController();
  void untilStopped().then(() => stop.abort());
  const all = Array.from({ length: count }, () => keepWorker(call, place, stop.signal));
  call.print(`${count} workers run; stop them with Ctrl-C or fp-mqtt jobs worker stop\n`);
  await Promise.all(all);
  return DONE;
}

/** Starts a process that keeps workers running on its own, and gives its id. */
export function startDetached({ file, userDir }: WorkerPlace, count: number): number | undefined {
  const given = ['jobs', 'worker', 'start', '--config', file, '--user-dir', userDir, '--count', `${count}`];
  const keeper = spawn(process.execPath, [COMMAND, ...given], { detached: true, stdio: 'ignore' });
  keeper.unref();
  return keeper.pid;
}

async function keepWorker(call: Call, place: WorkerPlace, signal: AbortSignal): Promise<void> {
  let failures = 0;
  while (!signal.aborted) {
    const began = Date.now();
    const code = await untilEnd(startWorker(place), signal);
    // Who was told to stop ends with 0.
    if (code === DONE || signal.aborted) return;
    failures = Date.now() - began > LIVES ? 1 : failures + 1;
    const delay = growingDelay(failures, DELAY);
    call.warn(`a worker ended with ${code}: another one starts in ${delay / 1000} s\n`);
    await pause(delay, signal);
  }
}

function startWorker({ file, userDir }: WorkerPlace): ChildProcess {
  return spawn(process.execPath, [COMMAND, 'worker', file, '--user-dir', userDir], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
}

async function untilEnd(worker: ChildProcess, signal: AbortSignal): Promise<number | string> {
  const stop = () => worker.kill('SIGTERM');
  signal.addEventListener('abort', stop, { once: true });
  const [code, name] = (await once(worker, 'exit')) as [number | null, string | null];
  signal.removeEventListener('abort', stop);
  return code ?? name ?? '';
}
