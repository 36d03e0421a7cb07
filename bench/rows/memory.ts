import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FlowNode } from '../../test/helpers/node-red.ts';
import { withChild, type Child } from '../child.ts';
import type { StoreName } from '../flows.ts';
import { median, type Measured, type Row } from '../measured.ts';
import { startNodeRed } from '../processes.ts';
import { sharedServers, type Servers } from '../servers.ts';

const WARM_UP = 15_000;
const SAMPLES = 10;
const EXAMPLE = join(__dirname, '../../../examples/quick-start.json');

/** Memory of Node-RED and its child processes, with the quick start on each store and without flows. */
export const memory: Row = {
  name: 'memory',
  async run() {
    const servers = await sharedServers();
    const used = (isBare: boolean, flows: FlowNode[]) =>
      withChild(startNodeRed({ isBare }), (child) => resident(child, flows));
    const [bare, redis, embedded] = await Promise.all([
      used(true, []),
      used(false, quickStart(servers, 'redis')),
      used(false, quickStart(servers, 'embedded')),
    ]);
    return [
      difference('memory, quick start on Redis', redis, { than: 'bare Node-RED', other: bare }),
      difference('memory, quick start on embedded', embedded, { than: 'bare Node-RED', other: bare }),
      {
        ...difference('memory, quick start on embedded', embedded, { than: 'on Redis', other: redis }),
        atMost: 130,
      },
    ];
  },
};

function quickStart({ mosquitto, redis }: Servers, store: StoreName): FlowNode[] {
  const flow = JSON.parse(readFileSync(EXAMPLE, 'utf8')) as FlowNode[];
  const address = { redis_url: `redis://127.0.0.1:${redis.port}` };
  return flow.map((node) => {
    if ('broker' in node && 'port' in node) return { ...node, broker: '127.0.0.1', port: mosquitto.port };
    if (node.id === 'qs_check')
      return { ...node, func: `global.get('started')(0);\n${String(node['func'])}` };
    return node.type === 'fp-queue-config' ? { ...node, ...address, store } : node;
  });
}

async function resident(child: Child, flows: FlowNode[]): Promise<number> {
  await child.ask('deploy', flows);
  await sleep(WARM_UP);
  const jobs = await child.ask<number[]>('latencies');
  if (flows.length > 0 && jobs.length === 0) throw new Error('the quick start ran no job');
  const samples: number[] = [];
  for (let sample = 0; sample < SAMPLES; sample++) {
    samples.push(await child.ask<number>('memory'));
    await sleep(500);
  }
  return median(samples) / 1_048_576;
}

function difference(what: string, ours: number, { than, other }: { than: string; other: number }): Measured {
  const detail = `${ours.toFixed(0)} and ${other.toFixed(0)} MB`;
  return { what, against: than, value: ours - other, unit: 'MB', detail };
}
