/** The server's part of the editor's YAML dialogs: converts a file to nodes, and nodes to a file. */
import type { NodeAPI } from 'node-red';
import { OptionsError, readConfig, writeConfig, type Config, type Problem } from '../../src/index.ts';
import { addAdminEndpoint } from '../admin-endpoint.ts';
import type { Login } from '../test-endpoint.ts';
import { variableValue } from '../properties.ts';
import type { Made, Read, Written } from './answers.ts';
import { describeImport } from './describe-import.ts';
import type { FlowNode } from './flow-node.ts';
import { fromFlow } from './from-flow.ts';
import { placeholders } from './placeholders.ts';
import { explicitProperties } from './explicit-properties.ts';
import { toFlow } from './to-flow.ts';

const LONGEST_NAME = 100;
const MOST_NODES = 20_000;

/** Its flow would do nothing. */
const NO_SUBSCRIPTION: Problem = {
  severity: 'error',
  path: 'subscriptions',
  line: 1,
  column: 1,
  message: 'is empty: the file needs entries under subscriptions:, each with - topic: and pipeline:',
};

export default function register(RED: NodeAPI): void {
  addAdminEndpoint(RED, {
    method: 'post',
    path: '/fp/yaml/read',
    permission: 'flows.write',
    answer: async ({ body }) => read(RED, body),
  });
  addAdminEndpoint(RED, {
    method: 'post',
    path: '/fp/yaml/write',
    permission: 'flows.read',
    answer: async ({ body }) => write(RED, body),
  });
}

/**
 * Reads a file: returns its problems, and the nodes unless there is an error. `name` is the name of the tab; `keepPython`
 * overrides who runs the jobs of RQ.
 */
function read(RED: NodeAPI, { text, name, keepPython }: Record<string, unknown>): Read {
  if (typeof text !== 'string') throw new OptionsError(['text must be the content of the file']);
  const tab = typeof name === 'string' ? name.trim().slice(0, LONGEST_NAME) : '';
  const { config, explicit, problems } = readConfig(text, (variable) => variableValue(RED, variable));
  if (!config || !explicit) return { problems };
  if (config.subscriptions.length === 0) return { problems: [...problems, NO_SUBSCRIPTION] };
  if (typeof keepPython === 'boolean' && isRq(config)) {
    config.job_queue.workers = keepPython ? 'python' : 'node-red';
    explicit.job_queue.push('workers');
  }
  const nodes = toFlow(config, tab || 'FlowerPower');
  const made: Made = {
    nodes,
    explicit: explicitProperties(nodes, explicit),
    preview: describeImport(config),
    rq: isRq(config),
    keepsPython: config.job_queue.workers === 'python',
    deployedLogins: nodes.filter((node) => isDeployed(RED, node)).map(({ id }) => id),
  };
  return { problems, made };
}

/** Whether Python's RQ workers could run the jobs. */
function isRq({ job_queue: { type, store, enabled } }: Config): boolean {
  return type === 'rq' && store === 'redis' && enabled !== false;
}

function isDeployed(RED: NodeAPI, { id, credentials = {} }: FlowNode): boolean {
  const deployed = Object(RED.nodes.getCredentials(id)) as Record<string, unknown>;
  return Object.entries(credentials).every(([name, value]) => deployed[name] === value);
}

/** Writes a tab, given by its ID, to a file; also returns notes about parts that were not exported. */
function write(RED: NodeAPI, { nodes, tab }: Record<string, unknown>): Written {
  if (!Array.isArray(nodes) || nodes.length > MOST_NODES) {
    throw new OptionsError([`nodes must be a list of at most ${MOST_NODES} nodes`]);
  }
  const flow = nodes.map((node) => withCredentials(RED, Object(node) as FlowNode));
  const replaced: string[] = [];
  const { config, notes } = fromFlow(flow, String(tab), ({ type, credentials }) => {
    const stored = Object(credentials) as Login;
    const login = placeholders(type === 'fp-mqtt-config' ? 'MQTT' : 'QUEUE', stored);
    replaced.push(...Object.values(login).filter((text) => !Object.values(stored).includes(text)));
    return login;
  });
  return { text: writeConfig(config), notes: [...notes, ...replaced.map(hiddenNote)] };
}

/** Adds deployed credentials: the editor only has those typed since the last deploy. */
function withCredentials(RED: NodeAPI, node: FlowNode): FlowNode {
  const deployed = Object(RED.nodes.getCredentials(node.id)) as Record<string, unknown>;
  return { ...node, credentials: { ...deployed, ...node.credentials } };
}

function hiddenNote(variable: string): string {
  return `a secret was replaced by the environment variable ${variable}`;
}
