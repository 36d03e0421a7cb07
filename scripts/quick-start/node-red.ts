import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import type { QueueConfig } from '../../nodes/fp-queue-config/fp-queue-config.ts';
import type { MqttConfig } from '../../nodes/fp-mqtt-config/fp-mqtt-config.ts';
import type { ConfigNode } from '../../nodes/config-node.ts';
import { localSettings, newestNodeRed, prepareUserDir } from '../node-red-home.ts';
import type { LiveStatistics } from './live-line.ts';

/** A Node-RED in this process with the quick-start example. */
export interface QuickStartNodeRed {
  version: string;
  statistics: () => Promise<LiveStatistics | undefined>;
  stop(): Promise<void>;
}

interface Place {
  /** Directory of this package. */
  root: string;
  userDir: string;
  port: number;
  brokerPort: number;
}

export async function startNodeRed({ root, userDir, port, brokerPort }: Place): Promise<QuickStartNodeRed> {
  prepareUserDir(userDir, root);
  const flows = join(userDir, 'flows.json');
  if (!existsSync(flows)) writeFileSync(flows, exampleAt(brokerPort, root));

  const server = createServer((request, response) => RED.httpAdmin(request, response));
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) =>
      reject(
        new Error(
          `Port ${port}: ${error.message}. Is another Node-RED running? Take another: npm start -- --port 1890`,
        ),
      ),
    );
    server.listen(port, '127.0.0.1', resolve);
  });
  // Loading takes a while: a port in use is reported before.
  const RED = require(newestNodeRed());
  RED.init(server, localSettings(userDir, port));
  await RED.start();
  return {
    version: RED.version(),
    statistics: () => statistics((id) => RED.nodes.getNode(id)),
    async stop() {
      await RED.stop();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function exampleAt(brokerPort: number, root: string): string {
  const example = readFileSync(join(root, 'examples/quick-start.json'), 'utf8');
  return example.replaceAll('"port": "1883"', `"port": "${brokerPort}"`);
}

/** Returns undefined if the example's nodes are not running, for instance because the user replaced the flow. */
async function statistics(getNode: (id: string) => unknown): Promise<LiveStatistics | undefined> {
  const broker = (getNode('qs_broker') as ConfigNode<MqttConfig> | null)?.shared;
  const queue = (getNode('qs_queue') as ConfigNode<QueueConfig> | null)?.shared;
  if (!broker || !queue) return undefined;
  const { job_queue_stats: counts } = await queue.statistics();
  if (!counts) return undefined;
  return {
    received: broker.counts.snapshot().message_count,
    queued: counts.waiting + counts.delayed + counts.prioritized,
    running: counts.active,
    completed: counts.completed,
    deadLetters: counts.failed,
  };
}
