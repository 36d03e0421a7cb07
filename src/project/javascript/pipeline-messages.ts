/** Messages between Node-RED and the process that runs JavaScript pipelines. */

/** A pipeline to run. `node:v8` serialized its inputs, which keeps Buffers, Dates, Maps and Sets. */
export interface Task {
  file: string;
  name: string;
  inputs: Uint8Array;
}

/** A command to the process: run a pipeline, or abort the current run for the given reason. */
export type Command = { run: Task } | { abort: string };

/** The result or the error of a run. */
export type Outcome =
  { result: Uint8Array } | { failure: { kind: string; message: string; stack?: string | undefined } };

/** A message from the process. */
export type Report = { ready: true } | { log: string } | { progress: number | object } | { ended: Outcome };

/** Maximum size of the inputs, and of the result, of a run in bytes. */
export const MOST_BYTES = 16 * 1024 * 1024;
