/** The thread of the process that decodes Arrow: it says that it is ready, and answers each payload. */
import { parentPort } from 'node:worker_threads';
import * as arrow from 'apache-arrow';
import type { Decoded } from '../decoded.ts';
import { limitLists } from './limit-lists.ts';
import { rowsOf } from './rows.ts';

/** What it answers. */
export type Answer = { found: Decoded } | { wrong: string };

limitLists();
parentPort?.on('message', (payload: Uint8Array) => answer(Buffer.from(payload)));
parentPort?.postMessage('ready');

function answer(payload: Buffer): void {
  const send = (words: Answer) => parentPort?.postMessage(words);
  try {
    send({ found: rowsOf(arrow, payload) });
  } catch (error) {
    send({ wrong: (error as Error).message });
  }
}
