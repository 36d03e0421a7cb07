/**
 * The process of JavaScript pipelines: it runs the default export of their modules with inputs and a context, one run at a
 * time. Ends when nobody can ask any more.
 */
import { join } from 'node:path';
import { format } from 'node:util';
import { deserialize, serialize } from 'node:v8';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { logLines } from '../log-lines.ts';
import { MOST_BYTES, type Outcome, type Report, type Task, type Told } from './messages.ts';
import { newestEvery } from './newest-every.ts';

/** Milliseconds between two reports of progress: whoever shows or stores them is not faster. */
const PROGRESS_INTERVAL = 100;
/** Lines of an error that ends the process. */
const MOST_STACK = 5;

type PipelineFunction = (inputs: unknown, context: object) => unknown;

let stopping = new AbortController();
/** The process's `console` writes into the log of the run that it has now. */
let lines = logLines(undefined);

for (const name of ['log', 'info', 'debug', 'warn', 'error'] as const) console[name] = log;

process.on('message', (told: Told) => {
  if ('abort' in told) stopping.abort(new Error(told.abort));
  else void run(told.run).then((ended) => report({ ended }));
});
// While a pipeline computes, this thread does not hear that Node-RED is gone.
new Worker(join(__dirname, 'end-with-parent.js'), { workerData: process.ppid }).unref();
process.on('uncaughtException', (error) => {
  process.stderr.write(format(error).split('\n').slice(0, MOST_STACK).join('\n'));
  process.exit(1);
});
report({ ready: true });

function log(...values: unknown[]): void {
  lines.add(`${format(...values)}\n`);
}

function report(told: Report): void {
  process.send?.(told);
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
    log(`progress is no plain data: ${(error as Error).message}`);
  }
}

async function load(file: string): Promise<PipelineFunction> {
  const { href } = pathToFileURL(file);
  const loaded = (await import(href)) as { default?: unknown };
  // A CommonJS module that was compiled from an ES module keeps its default export one level deeper.
  const nested = Object(loaded.default) as { default?: unknown };
  const found = typeof nested.default === 'function' ? nested.default : loaded.default;
  if (typeof found === 'function') return found as PipelineFunction;
  throw new TypeError(`${file} must export a function (inputs, context) => result as its default`);
}

/** A result that is too large is not copied to another process first. */
function outcomeOf(result: unknown, name: string): Outcome {
  const bytes = bytesOf(result);
  if (bytes.length <= MOST_BYTES) return { result: bytes };
  const message = `the result of ${name} has ${bytes.length} bytes, at most ${MOST_BYTES} are passed on`;
  return { failure: { kind: 'ResultTooLarge', message } };
}

function bytesOf(result: unknown): Uint8Array {
  try {
    return serialize(result);
  } catch (error) {
    throw new TypeError(`the result is no plain data: ${(error as Error).message}`, { cause: error });
  }
}

function describe(error: unknown): { kind: string; message: string; stack: string | undefined } {
  const { name, message, stack } = Object(error) as Partial<Error>;
  return { kind: name ?? 'Error', message: message ?? format(error), stack };
}
