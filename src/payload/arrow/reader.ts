/** The thread of the process that decodes Arrow: it says that it is ready, and answers each payload. */
import { parentPort } from 'node:worker_threads';
import * as arrow from 'apache-arrow';
import { rowsOf, type Rows } from './rows.ts';

/** What it answers. */
export type Answer = { found: Rows } | { wrong: string };

parentPort?.on('message', (payload: Uint8Array) => parentPort?.postMessage(answerTo(Buffer.from(payload))));
parentPort?.postMessage('ready');

function answerTo(payload: Buffer): Answer {
  try {
    return { found: rowsOf(arrow, payload) };
  } catch (error) {
    return { wrong: (error as Error).message };
  }
}
