/**
 * Starts Node-RED with the quick-start example, a broker if none is running, and a live line in the terminal. Keeps its
 * data in a folder, so that the next start continues with the remaining jobs.
 *
 * npm start [-- --port 1880] [--broker-port 1883] [--folder .quick-start]
 */
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { openBroker } from './broker.ts';
import { showLiveLine } from './live-line.ts';
import { startNodeRed } from './node-red.ts';

const root = join(__dirname, '../../..');

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '1880' },
    'broker-port': { type: 'string', default: '1883' },
    folder: { type: 'string', default: join(root, '.quick-start') },
  },
});

async function main(): Promise<void> {
  const brokerPort = Number(values['broker-port']);
  const broker = await openBroker(brokerPort);
  const place = { root, userDir: resolve(values.folder), port: Number(values.port), brokerPort };
  const nodeRed = await startNodeRed(place);
  const line = showLiveLine(nodeRed.statistics);

  console.log(`
  Node-RED ${nodeRed.version} is running: open http://127.0.0.1:${values.port}
  MQTT broker: localhost:${brokerPort} (${broker.own ? 'started here' : 'yours'})
  Click the debug tab at the right to see messages; look at the worker's status. Ctrl-C stops.
`);

  let stopping = false;
  const stop = async () => {
    // The second signal ends the process without waiting.
    if (stopping) process.exit(1);
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
