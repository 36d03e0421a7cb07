/**
 * Node-RED with the quick-start example, a broker if none is there, and a live line in the terminal. What it stores is
 * kept in .quick-start/, so that a second start goes on with the jobs the first one left.
 */
import { join } from 'node:path';
import { openBroker } from './broker.ts';
import { showLiveLine } from './live-line.ts';
import { startNodeRed } from './node-red.ts';

const root = join(__dirname, '../../..');

async function main(): Promise<void> {
  const broker = await openBroker(1883);
  const nodeRed = await startNodeRed({ root, port: 1880 });
  const line = showLiveLine(nodeRed.statistics);

  console.log(`
  Node-RED ${nodeRed.version} is running: open http://127.0.0.1:1880
  MQTT broker: localhost:1883 (${broker.own ? 'started here' : 'yours'})
  Click the debug tab at the right to see messages; look at the worker's status. Ctrl-C stops.
`);

  let stopping = false;
  const stop = async () => {
    if (stopping) return;
    stopping = true;
    line.close();
    console.log('\nStopping: running jobs may end, the others stay in the queue ...');
    await nodeRed.stop();
    await broker.close();
    process.exit(0);
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void stop());
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exit(1);
});
