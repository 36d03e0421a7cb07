/** The metrics of this Node-RED for Prometheus, if settings.js has `flowerpowerMqtt: { metrics: true }`. */
import type { NodeAPI } from 'node-red';
import { METRICS_TYPE, writeMetrics, type Readings } from '../../src/index.ts';
import { addAdminEndpoint, TextAnswer } from '../admin-endpoint.ts';
import { startedConfigs } from '../config-node.ts';
import type { MqttConfig } from '../fp-mqtt-config/fp-mqtt-config.ts';
import type { ProjectConfig } from '../fp-project-config/fp-project-config.ts';
import type { QueueConfig } from '../fp-queue-config/fp-queue-config.ts';
import { settingsOf } from '../settings.ts';

export default function register(RED: NodeAPI): void {
  if (!settingsOf(RED).metrics) return;
  addAdminEndpoint(RED, {
    method: 'get',
    path: '/fp/metrics',
    permission: 'fp-metrics.read',
    answer: async () => new TextAnswer(METRICS_TYPE, writeMetrics(await readAll(RED))),
  });
}

async function readAll(RED: NodeAPI): Promise<Readings> {
  const brokers = deployed<MqttConfig>(RED, 'fp-mqtt-config').map((broker) => broker.read());
  const projects = deployed<ProjectConfig>(RED, 'fp-project-config').map((project) => project.read());
  const queues = deployed<QueueConfig>(RED, 'fp-queue-config').map(async (queue) => queue.read());
  const read = await Promise.all(queues);
  return { queues: read.filter((queue) => queue !== undefined), brokers, projects };
}

function deployed<T>(RED: NodeAPI, type: string): T[] {
  return startedConfigs<T>(RED, type).map(({ shared }) => shared);
}
