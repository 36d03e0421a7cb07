/** A process that decodes a payload over which Arrow's library loops for a very long time. */
import { tableFromArrays, tableToIPC } from 'apache-arrow';
import { openArrow } from '../../../../src/payload/arrow/arrow.ts';

const payload = Buffer.from(tableToIPC(tableFromArrays({ n: Int32Array.of(1) }), 'stream'));
/** Where the payload says how many buffers its record batch has: 2. */
const BUFFERS = 220;
payload.writeInt32LE(2 ** 31 - 1, BUFFERS);

void openArrow().decode(payload);
