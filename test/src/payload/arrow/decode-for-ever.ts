/** A process that decodes a payload, reports it, and then repeatedly decodes a slow one. */
import { tableFromArrays, tableToIPC } from 'apache-arrow';
import { openArrow } from '../../../../src/payload/arrow/arrow.ts';
import { manyFields } from './many-fields.ts';

const good = Buffer.from(tableToIPC(tableFromArrays({ n: Int32Array.of(1) }), 'stream'));

void run();

async function run(): Promise<void> {
  const { decode } = openArrow();
  await decode(good);
  process.send?.('next is the bad one');
  for (;;) await decode(manyFields()).catch(() => undefined);
}
