/**
 * The process that runs JavaScript pipelines: calls the default export of a module with inputs and a context, one run
 * at a time. Ends when its parent has ended.
 */
import { join } from 'node:path';
import { format } from 'node:util';
import { deserialize, serialize } from 'node:v8';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { logLines } from '../log-lines.ts';
import { MOST_BYTES, type Command, type Outcome, type Report, type Task } from './pipeline-messages.ts';
import { newestEvery } from './newest-every.ts';

/** Milliseconds between two progress reports. */
const PROGRESS_INTERVAL = 100;
/** Lines written about an error that ends the process. */
const MOST_STACK = 5;

type PipelineFunction = (inputs: unknown, context: object) => unknown;

let stopping = new AbortController();
/** Log of the current run; `console` writes to it. */
let lines = logLines(undefined);

for (const name of ['log', 'info', 'debug', 'warn', 'error'] as const) console[name] = log;

process.on('message', (command: Command) => {
  if ('abort' in command) stopping.abort(new Error(command.abort));
  else void run(command.run).then((ended) => report({ ended }));
});
// A thread watches the parent, because a pipeline that computes blocks this one.
new Worker(join(__dirname, 'end-with-parent.js'), { workerData: process.ppid }).unref();
process.on('uncaughtException', (error) => {
  process.stderr.write(format(error).split('\n').slice(0, MOST_STACK).join('\n'));
  process.exit(1);
});
report({ ready: true });

function log(...values: unknown[]): void {
  lines.add(`${format(...values)}\n`);
}

function report(message: Report): void {
  process.send?.(message);
}

async function run({ file, name, inputs }: Task): Promise<Outcome> {
  stopping = new AbortController();
  lines = logLines((line) => report({ log: line }));
  const progress = newestEvery<number | object>(PROGRESS_INTERVAL, reportProgress);
  const context = {
    name,
    signal: stopping.signal,
    log,
    progress: (newest: number | object) => progress.give(newest),
  };
  try {
    const pipeline = await load(file);
    return outcomeOf(await pipeline(deserialize(inputs), context), name);
  } catch (error) {
    return { failure: describe(error) };
  } finally {
    progress.end();
    lines = logLines(undefined);
  }
}

function reportProgress(progress: number | object): void {
  try {
    report({ progress });
  } catch (error) {
    log(`the progress is not plain data: ${(error as Error).message}`);
  }
}

async function load(file: string): Promise<PipelineFunction> {
  const { href } = pathToFileURL(file);
  const loaded = (await import(href)) as { default?: unknown };
  // In a CommonJS module compiled from an ES module, the default export is one level deeper.
  const nested = Object(loaded.default) as { default?: unknown };
  const found = typeof nested.default === 'function' ? nested.default : loaded.default;
  if (typeof found === 'function') return found as PipelineFunction;
  throw new TypeError(`the default export of ${file} must be a function (inputs, context) => result`);
}

/** Checks the size here, before the result is copied to the other process. */
function outcomeOf(result: unknown, name: string): Outcome {
  const bytes = bytesOf(result);
  if (bytes.length <= MOST_BYTES) return { result: bytes };
  const message = `the result of ${name} has ${bytes.length} bytes, the limit is ${MOST_BYTES}`;
  return { failure: { kind: 'ResultTooLarge', message } };
}

function bytesOf(result: unknown): Uint8Array {
  try {
    return serialize(result);
  } catch (error) {
    throw new TypeError(`the result is not plain data: ${(error as Error).message}`, { cause: error });
  }
}

function describe(error: unknown): { kind: string; message: string; stack: string | undefined } {
  const { name, message, stack } = Object(error) as Partial<Error>;
  return { kind: name ?? 'Error', message: message ?? format(error), stack };
}
