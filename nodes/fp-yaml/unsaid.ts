import { rules as enqueue } from '../fp-enqueue/properties.ts';
import { rules as mqttConfig } from '../fp-mqtt-config/properties.ts';
import { rules as pipeline } from '../fp-pipeline/properties.ts';
import { rules as projectConfig } from '../fp-project-config/properties.ts';
import { rules as queueConfig } from '../fp-queue-config/properties.ts';
import { rules as subscribe } from '../fp-subscribe/properties.ts';
import { rules as worker } from '../fp-worker/properties.ts';
import { mistakeIn, type Rules } from '../properties.ts';
import { configKeys } from '../../src/index.ts';
import type { FlowNode } from './flow-node.ts';

/** Properties that a file says in another way. */
const OTHERWISE = ['broker', 'queue', 'project', 'queue_type', 'concurrency', 'timeout', 'tls'];

const rulesOf: Record<string, Rules> = {
  'fp-mqtt-config': mqttConfig,
  'fp-queue-config': queueConfig,
  'fp-project-config': projectConfig,
  'fp-subscribe': subscribe,
  'fp-enqueue': enqueue,
  'fp-worker': worker,
  'fp-pipeline': pipeline,
};

/** Nodes that an import makes by itself. */
const MADE = [...Object.keys(rulesOf), 'fp-stats', 'debug', 'comment', 'group', 'inject'];

const said = new Set([
  ...OTHERWISE,
  ...[configKeys.mqtt, configKeys.subscription, configKeys.jobQueue, configKeys.project].flatMap(Object.keys),
]);

/** What of a tab and its config nodes has no place in a file, one sentence each. */
export function unsaid(nodes: FlowNode[], configs: (FlowNode | undefined)[], several: FlowNode[]): string[] {
  const others = nodes.filter(({ type }) => !MADE.includes(type));
  const types = [...new Set(others.map(({ type }) => type))].join(', ');
  return [
    ...several.map((node) => `${label(node)} is left out: a file has one ${node.type}`),
    ...(others.length > 0 ? [`nodes of other kinds are left out: ${types}`] : []),
    ...[...nodes, ...configs.filter((node) => node !== undefined)].flatMap(unsaidOf),
  ];
}

function unsaidOf(node: FlowNode): string[] {
  const rules = rulesOf[node.type] ?? {};
  const names = Object.entries(rules).flatMap(([name, rule]) => {
    if (said.has(name) || node[name] === undefined || node[name] === '') return [];
    if (mistakeIn(rule, name, { ...node, [name]: undefined }) !== undefined) return [];
    return asText(rule(undefined, {})) === asText(node[name]) ? [] : [name];
  });
  return names.map((name) => `${label(node)}: ${name} = ${asText(node[name])} has no place in the file`);
}

function label({ type, name, id }: FlowNode): string {
  return name ? `${name} (${type})` : `${type} ${id}`;
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? '');
}
