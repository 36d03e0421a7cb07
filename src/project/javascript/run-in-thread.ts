/** Runs in a worker thread: one pipeline module's default export, with inputs and a context. */
import { format } from 'node:util';
import { deserialize, serialize } from 'node:v8';
import { pathToFileURL } from 'node:url';
import { logLines } from '../log-lines.ts';
import { MOST_BYTES, type ThreadOutcome, type ThreadReport, type ThreadTask } from './messages.ts';
import { newestEvery } from './newest-every.ts';

/** Milliseconds between two reports of progress: whoever shows or stores them is not faster. */
const PROGRESS_INTERVAL = 100;

type PipelineFunction = (inputs: unknown, context: object) => unknown;

/** The thread's `console` writes into the log of the run that it has now. */
let onLog: (line: string) => void = () => undefined;

for (const name of ['log', 'info', 'debug', 'warn', 'error'] as const) {
  console[name] = (...values: unknown[]) => onLog(format(...values));
}

export default async function runInThread({ file, name, inputs, port }: ThreadTask): Promise<ThreadOutcome> {
  const report = (told: ThreadReport) => port.postMessage(told);
  report({ started: true });
  const lines = logLines((log) => report({ log }));
  const progress = newestEvery<number | object>(PROGRESS_INTERVAL, (newest) => {
    try {
      report({ progress: newest });
    } catch (error) {
      lines.add(`progress is no plain data: ${(error as Error).message}\n`);
    }
  });
  onLog = (line) => lines.add(`${line}\n`);
  const stopping = new AbortController();
  port.once('message', (reason: string) => stopping.abort(new Error(reason)));
  const context = {
    name,
    signal: stopping.signal,
    log: (...values: unknown[]) => onLog(format(...values)),
    progress: (newest: number | object) => progress.give(newest),
  };
  try {
    const run = await load(file);
    return outcomeOf(await run(deserialize(inputs), context), name);
  } catch (error) {
    return { failure: describe(error) };
  } finally {
    onLog = () => undefined;
    progress.end();
    port.close();
  }
}

async function load(file: string): Promise<PipelineFunction> {
  const { href } = pathToFileURL(file);
  const loaded = (await import(href)) as { default?: unknown };
  // A CommonJS module that was compiled from an ES module keeps its default export one level deeper.
  const nested = Object(loaded.default) as { default?: unknown };
  const run = typeof nested.default === 'function' ? nested.default : loaded.default;
  if (typeof run === 'function') return run as PipelineFunction;
  throw new TypeError(`${file} must export a function (inputs, context) => result as its default`);
}

/** A result that is too large is not copied to another thread first. */
function outcomeOf(result: unknown, name: string): ThreadOutcome {
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
