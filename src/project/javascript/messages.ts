/** What Node-RED and the process of JavaScript pipelines say to each other. */

/** A pipeline to run; the bytes of its inputs are of node:v8, which keeps Buffers, Dates, Maps and Sets. */
export interface Task {
  file: string;
  name: string;
  inputs: Uint8Array;
}

/** What the process is told: to run a pipeline, or that nobody waits for the result of the one that runs. */
export type Told = { run: Task } | { abort: string };

/** How a run ended. */
export type Outcome =
  { result: Uint8Array } | { failure: { kind: string; message: string; stack?: string | undefined } };

/** What the process tells: that it is ready for the first run, what a run logs, how far it is, and how it ended. */
export type Report = { ready: true } | { log: string } | { progress: number | object } | { ended: Outcome };

/** Bytes of the inputs, and of the result, of one run. */
export const MOST_BYTES = 16 * 1024 * 1024;
