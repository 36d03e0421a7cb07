/** A process that decodes a payload, tells of it, and then one over which Arrow's library loops for a very long time. */
import { tableFromArrays, tableToIPC } from 'apache-arrow';
import { openArrow } from '../../../../src/payload/arrow/arrow.ts';

const good = Buffer.from(tableToIPC(tableFromArrays({ n: Int32Array.of(1) }), 'stream'));
/** Where the payload says how many buffers its record batch has: 2. */
const BUFFERS = 220;
const bad = Buffer.from(good);
bad.writeInt32LE(2 ** 31 - 1, BUFFERS);

void run();

async function run(): Promise<void> {
  const { decode } = openArrow();
  await decode(good);
  process.send?.('next is the bad one');
  await decode(bad);
}
