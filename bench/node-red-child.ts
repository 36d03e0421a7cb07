/** Runs a Node-RED in a separate process, which deploys the bench's flows and returns measurements. */
import { createServer } from 'node:http';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { localSettings, newestNodeRed, prepareUserDir } from '../scripts/node-red-home.ts';
import { answerQuestions } from './child.ts';
import { latencies, now } from './latencies.ts';
import { memoryOf } from '../test/helpers/memory-of.ts';

const [userDir = '', isBare] = process.argv.slice(2);
const RESOLUTION = 2;
const delay = monitorEventLoopDelay({ resolution: RESOLUTION });
const latency = latencies();
let startTime = 0;

async function start() {
  if (isBare !== 'bare') prepareUserDir(userDir, join(__dirname, '../..'));
  const RED = require(newestNodeRed());
  const server = createServer((request, response) => RED.httpAdmin(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // Function nodes use `started` to record when a message reaches them.
  const functionGlobalContext = { started: latency.started };
  RED.init(server, { ...localSettings(userDir, 0), functionGlobalContext });
  const running = new Promise((resolve) => RED.events.once('flows:started', resolve));
  const begin = now();
  await RED.start();
  await running;
  startTime = now() - begin;
  delay.enable();
  return RED;
}

const started = start();

answerQuestions({
  ready: () => started,
  async deploy(flows: unknown) {
    const RED = await started;
    const running = new Promise((resolve) => RED.events.once('flows:started', resolve));
    await RED.runtime.flows.setFlows({ flows: { flows }, deploymentType: 'full', req: {} });
    await running;
  },
  /** Milliseconds from the start of the process to running flows, including the loading of nodes. */
  startTime: () => startTime,
  /** Bytes, including the process of an embedded store. */
  memory: () => memoryOf(process.pid),
  latencies: () => latency.take(),
  /** 99th percentile of the event loop's delay in milliseconds since the last call. */
  delay() {
    const late = delay.percentile(99) / 1e6 - RESOLUTION;
    delay.reset();
    return late;
  },
  stop: async () => (await started).stop(),
});
