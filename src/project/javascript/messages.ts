import type { MessagePort } from 'node:worker_threads';

/** What a thread is given to run; the bytes are of node:v8, which keeps Buffers, Dates, Maps and Sets. */
export interface ThreadTask {
  file: string;
  name: string;
  inputs: Uint8Array;
  port: MessagePort;
}

/** How a run ended in its thread. */
export type ThreadOutcome =
  { result: Uint8Array } | { failure: { kind: string; message: string; stack?: string | undefined } };

/** What a thread tells while it runs. */
export type ThreadReport = { started: true } | { log: string } | { progress: number | object };

/** Bytes of the inputs, and of the result, of one run. */
export const MOST_BYTES = 16 * 1024 * 1024;
