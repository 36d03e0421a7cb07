/** The process that decodes Arrow: it gets a payload a message, and answers with its rows or with what is wrong. */
import * as arrow from 'apache-arrow';
import type { Decoded } from '../decoded.ts';
import { rowsOf } from './rows.ts';

/** What the process answers. */
export type Answer = { found: Decoded } | { wrong: string };

process.on('message', (payload: Uint8Array) => answer(Buffer.from(payload)));
process.on('disconnect', () => process.exit());
process.send?.('ready');

function answer(payload: Buffer): void {
  const send = (words: Answer) => process.send?.(words);
  try {
    send({ found: rowsOf(arrow, payload) });
  } catch (error) {
    send({ wrong: (error as Error).message });
  }
}
