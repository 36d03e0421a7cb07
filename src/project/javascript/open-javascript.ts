import { dirname, join } from 'node:path';
import { MessageChannel } from 'node:worker_threads';
import { deserialize, serialize } from 'node:v8';
import type { Piscina } from 'piscina';
import { GiveUpError, PipelineError, RunnerUnavailableError } from '../../errors.ts';
import { logLines } from '../log-lines.ts';
import type { PipelineRun, RunPipeline } from '../pipeline-run.ts';
import { projectVersion } from '../project-version.ts';
import type { ThreadOutcome, ThreadReport, ThreadTask } from './messages.ts';

export interface JavaScriptOptions {
  base_dir: string;
  threads: number;
  /** Megabytes that a thread may hold. */
  memory: number;
}

export interface JavaScriptRunner {
  run: RunPipeline;
  close: () => Promise<void>;
}

interface Pool {
  threads: Piscina;
  version: string;
}

/** Bytes of the inputs, and of the result, of one run. */
const MOST_BYTES = 16 * 1024 * 1024;
/** Milliseconds between the abort that a pipeline is told of and the end of its thread. */
const GRACE = 1000;

/**
 * Runs JavaScript pipelines in at most `threads` worker threads, which start with the first runs. When a source file
 * of the project has changed, the next run gets new threads.
 */
export function openJavaScript(options: JavaScriptOptions): JavaScriptRunner {
  let pool: Pool | undefined;
  const closing = new Set<Promise<void>>();

  /** The runs that the old threads have go on to their end. */
  const retire = ({ threads }: Pool) => {
    const closed = threads.close().catch(() => undefined);
    closing.add(closed);
    void closed.then(() => closing.delete(closed));
  };
  const upToDate = async (): Promise<Piscina> => {
    const version = await projectVersion(options.base_dir);
    if (pool?.version === version) return pool.threads;
    if (pool) retire(pool);
    pool = { version, threads: await openThreads(options) };
    return pool.threads;
  };
  return {
    async run(run) {
      const inputs = bytesOf(run);
      return resultOf(await runIn(await upToDate(), { ...run, bytes: inputs }), run);
    },
    async close() {
      await pool?.threads.destroy();
      await Promise.all(closing);
    },
  };
}

async function openThreads({ threads, memory }: JavaScriptOptions): Promise<Piscina> {
  const { Piscina: Threads } = await import('piscina').catch((error: Error) => {
    const where = dirname(__filename);
    throw new RunnerUnavailableError(
      `JavaScript pipelines need the package piscina (${error.message}); install it with: npm install piscina, in ${where}`,
    );
  });
  const pool = new Threads({
    filename: join(__dirname, 'run-in-thread.js'),
    minThreads: 0,
    maxThreads: threads,
    maxQueue: 10_000,
    idleTimeout: 60_000,
    // A thread that waits for its next task goes on with what the last one left behind.
    atomics: 'disabled',
    resourceLimits: { maxOldGenerationSizeMb: memory },
  });
  // A thread that falls over between two runs is replaced.
  pool.on('error', () => undefined);
  return pool;
}

async function runIn(threads: Piscina, run: PipelineRun & { bytes: Buffer }): Promise<ThreadOutcome> {
  const { pipeline, signal, bytes } = run;
  signal.throwIfAborted();
  const { port1: port, port2 } = new MessageChannel();
  const hardStop = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const abort = () => {
    port.postMessage(String(signal.reason));
    timer = setTimeout(() => hardStop.abort(), GRACE);
  };
  signal.addEventListener('abort', abort, { once: true });
  const endLog = listen(port, run);
  const task: ThreadTask = { file: pipeline.file, name: pipeline.name, inputs: bytes, port: port2 };
  try {
    return (await threads.run(task, { signal: hardStop.signal, transferList: [port2] })) as ThreadOutcome;
  } catch (error) {
    signal.throwIfAborted();
    throw threadFailure(error as NodeJS.ErrnoException);
  } finally {
    signal.removeEventListener('abort', abort);
    clearTimeout(timer);
    endLog();
    port.close();
  }
}

function listen(port: MessageChannel['port1'], { onLog, onProgress }: PipelineRun): () => void {
  const log = logLines(onLog);
  port.on('message', (report: ThreadReport) => {
    if ('log' in report) log.add(`${report.log}\n`);
    else onProgress?.(report.progress);
  });
  return () => log.end();
}

/** The thread ended in the middle of a run. */
function threadFailure({ name, code, message }: NodeJS.ErrnoException): PipelineError {
  if (code === 'ERR_WORKER_OUT_OF_MEMORY') return new PipelineError('MemoryError', message);
  return new PipelineError(name === 'Error' ? 'ThreadEnded' : name, message);
}

function bytesOf({ pipeline, inputs }: PipelineRun): Buffer {
  const bytes = encoded(pipeline.name, inputs);
  if (bytes.length <= MOST_BYTES) return bytes;
  throw new GiveUpError(
    `the inputs of ${pipeline.name} have ${bytes.length} bytes, at most ${MOST_BYTES} are passed on`,
  );
}

function encoded(name: string, inputs: unknown): Buffer {
  try {
    return serialize(inputs);
  } catch (error) {
    throw new GiveUpError(`the inputs of ${name} are no plain data: ${(error as Error).message}`);
  }
}

function resultOf(outcome: ThreadOutcome, { pipeline, signal }: PipelineRun): unknown {
  // What a pipeline makes of an abort is no result.
  signal.throwIfAborted();
  if ('failure' in outcome) {
    const { kind, message, stack } = outcome.failure;
    throw new PipelineError(kind, message, stack);
  }
  if (outcome.result.length <= MOST_BYTES) return deserialize(outcome.result);
  const size = `${outcome.result.length} bytes, at most ${MOST_BYTES} are passed on`;
  throw new PipelineError('ResultTooLarge', `the result of ${pipeline.name} has ${size}`);
}
