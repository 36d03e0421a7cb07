/** The thread that decodes Arrow: reports that it is ready, then answers each payload. */
import { parentPort } from 'node:worker_threads';
import * as arrow from 'apache-arrow';
import { MOST_VALUES, type Decoded } from '../define-format.ts';
import { arrowCells } from './cell.ts';
import { limitLists } from './limit-lists.ts';

export type Answer = { decoded: Decoded } | { error: string };

limitLists();
parentPort?.on('message', (payload: Uint8Array) => answer(Buffer.from(payload)));
parentPort?.postMessage('ready');

function answer(payload: Buffer): void {
  const send = (message: Answer) => parentPort?.postMessage(message);
  try {
    send({ decoded: decode(payload) });
  } catch (error) {
    send({ error: (error as Error).message });
  }
}

/** Reads the rows of Arrow IPC, a stream or a file (https://arrow.apache.org/docs/format/Columnar.html); throws an Error. */
function decode(payload: Buffer): Decoded {
  const { schema, batches } = arrow.tableFromIPC(payload);
  if (schema.fields.length === 0) throw new Error('it has no columns');
  const reading = { arrow, left: MOST_VALUES };
  return {
    payload: batches.flatMap(({ data }) => arrowCells(reading, data, [0, data.length])),
    schema: schema.fields.map(({ name, type, nullable }) => ({ name, type: String(type), nullable })),
  };
}
