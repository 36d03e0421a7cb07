/** The thread that decodes Arrow: reports that it is ready, then answers each payload. */
import { parentPort } from 'node:worker_threads';
import * as arrow from 'apache-arrow';
import type { Decoded } from '../define-format.ts';
import { limitLists } from './limit-lists.ts';
import { rowsOf } from './rows.ts';

export type Answer = { decoded: Decoded } | { error: string };

limitLists();
parentPort?.on('message', (payload: Uint8Array) => answer(Buffer.from(payload)));
parentPort?.postMessage('ready');

function answer(payload: Buffer): void {
  const send = (message: Answer) => parentPort?.postMessage(message);
  try {
    send({ decoded: rowsOf(arrow, payload) });
  } catch (error) {
    send({ error: (error as Error).message });
  }
}
