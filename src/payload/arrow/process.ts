/** The process that decodes Arrow: it gets a payload a message, and answers with its rows or with what is wrong. */
import * as arrow from 'apache-arrow';
import type { Decoded } from '../decoded.ts';
import { rowsOf } from './rows.ts';

/** What the process answers. */
export type Answer = { found: Decoded } | { wrong: string };

process.on('message', (payload: Uint8Array) => process.send?.(answerTo(Buffer.from(payload))));
process.on('disconnect', () => process.exit());
process.send?.('ready');

function answerTo(payload: Buffer): Answer {
  try {
    return { found: rowsOf(arrow, payload) };
  } catch (error) {
    return { wrong: (error as Error).message };
  }
}
