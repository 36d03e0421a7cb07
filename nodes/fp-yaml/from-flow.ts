/** Reads the nodes of a tab as a config, and notes what YAML has no words for. */
import { configKeys, type Config, type Section, type Value } from '../../src/index.ts';
import type { Login } from '../test-endpoint.ts';
import { brokerFields } from './broker-fields.ts';
import type { FlowNode } from './flow-node.ts';
import { unsaid } from './unsaid.ts';

type Keys = configKeys.Keys;

/** A tab's own nodes from top to bottom, and the config nodes. */
class Tab {
  readonly nodes: FlowNode[];
  readonly #all: FlowNode[];

  constructor(all: FlowNode[], id: string) {
    this.#all = all;
    this.nodes = all
      .filter(({ z }) => z === id)
      .toSorted((a, b) => (a.y ?? 0) - (b.y ?? 0) || (a.x ?? 0) - (b.x ?? 0));
  }

  ofType(type: string): FlowNode[] {
    return this.nodes.filter((node) => node.type === type);
  }

  /** The config nodes that nodes on the tab refer to by `property`, the most used first. */
  used(type: string, property: string): FlowNode[] {
    const uses = this.nodes.map((node) => node[property]);
    const count = ({ id }: FlowNode) => uses.filter((used) => used === id).length;
    const configs = this.#all.filter((node) => node.type === type && count(node) > 0);
    return configs.toSorted((a, b) => count(b) - count(a));
  }

  find(id: unknown): FlowNode | undefined {
    return this.#all.find((node) => node.id === id);
  }
}

/** `loginOf` gives user and password of a config node as they shall stand in the file. */
export function fromFlow(
  all: FlowNode[],
  tabId: string,
  loginOf: (node: FlowNode) => Login,
): { config: Config; notes: string[] } {
  const tab = new Tab(all, tabId);
  const brokers = tab.used('fp-mqtt-config', 'broker');
  const queues = tab.used('fp-queue-config', 'queue');
  const projects = tab.used('fp-project-config', 'project');
  const workers = tab.ofType('fp-worker');
  const [broker, queue, project, worker] = [brokers[0], queues[0], projects[0], workers[0]];
  const { base_dir = null, log_level = null } = section(configKeys.project, project);
  const config: Config = {
    mqtt: {
      ...section(configKeys.mqtt, brokerFields(broker, tab.find(broker?.['tls']))),
      ...login(broker, loginOf),
    },
    subscriptions: tab.ofType('fp-subscribe').map((node) => section(configKeys.subscription, node)),
    job_queue: {
      ...section(configKeys.jobQueue, {
        ...queue,
        type: queue?.['queue_type'] ?? 'bullmq',
        worker_count: worker?.['concurrency'],
        timeout: worker?.['timeout'],
      }),
      ...login(queue, loginOf),
    },
    base_dir,
    log_level,
  };
  const several = [brokers, queues, projects, workers].flatMap((found) => found.slice(1));
  return { config, notes: unsaid(tab.nodes, [broker, queue, project], several) };
}

function section(keys: Keys, node: object | undefined): Section {
  const stored = Object(node) as Record<string, unknown>;
  const said = Object.entries(keys).map(([name, key]) => [name, fromField(stored[name], key)] as const);
  return configKeys.withDefaults(Object.fromEntries(said), keys);
}

/** What the editor stored, as the file says it; null where it says nothing. */
function fromField(stored: unknown, { type }: configKeys.Key): Value {
  if (stored === undefined || stored === null || stored === '') return null;
  const text = typeof stored === 'string' ? stored : JSON.stringify(stored);
  if (/^\$\{[^}]+\}$/.test(text.trim())) return text.trim();
  if (type === 'flag') return text === 'true';
  return type === 'number' ? Number(text) : text;
}

function login(node: FlowNode | undefined, loginOf: (node: FlowNode) => Login): Section {
  const { username, password } = node ? loginOf(node) : {};
  return { username: username || null, password: password || null };
}
