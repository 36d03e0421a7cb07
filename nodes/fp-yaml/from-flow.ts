/** Converts the nodes of a tab to a config, and notes what the file can't represent. */
import {
  sections,
  withDefaults,
  type Config,
  type FileValue,
  type Option,
  type Options,
  type Section,
  type SectionName,
} from '../../src/index.ts';
import { isVariable } from '../../src/base/variable.ts';
import { defaultOf, isEmpty } from '../../src/options/rule.ts';
import { rulesOf } from '../rules.ts';
import type { Login } from '../test-endpoint.ts';
import { brokerFields } from './broker-fields.ts';
import { propertyOf } from './file-keys.ts';
import type { FlowNode } from './flow-node.ts';
import { leftOut } from './left-out.ts';

/** The nodes of a tab from top to bottom, and the config nodes. */
class Tab {
  readonly nodes: FlowNode[];
  readonly disabled: FlowNode[];
  readonly #all: FlowNode[];

  constructor(all: FlowNode[], id: string) {
    this.#all = all;
    const own = all
      .filter(({ z }) => z === id)
      .toSorted((a, b) => (a.y ?? 0) - (b.y ?? 0) || (a.x ?? 0) - (b.x ?? 0));
    this.nodes = own.filter(({ d }) => d !== true);
    this.disabled = own.filter(({ d }) => d === true);
  }

  ofType(type: string): FlowNode[] {
    return this.nodes.filter((node) => node.type === type);
  }

  /** Returns the config nodes that the tab's nodes refer to by `property`, the most used first. */
  used(type: string, property: string): FlowNode[] {
    const uses = [...this.nodes, ...this.disabled].map((node) => node[property]);
    const count = ({ id }: FlowNode) => uses.filter((used) => used === id).length;
    const configs = this.#all.filter((node) => node.type === type && count(node) > 0);
    return configs.toSorted((a, b) => count(b) - count(a));
  }

  find(id: unknown): FlowNode | undefined {
    return this.#all.find((node) => node.id === id);
  }
}

/** `loginOf` returns user and password of a config node for the file. */
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
  const tls = tab.find(broker?.['tls']);
  const config: Config = {
    mqtt: {
      ...section('mqtt', sections.mqtt, broker && brokerFields(broker, tls)),
      ...login(broker, loginOf),
    },
    subscriptions: tab
      .ofType('fp-subscribe')
      .map((node) => section('subscriptions', sections.subscriptions, node)),
    job_queue: {
      ...section('job_queue', sections.job_queue, queue && queueFields(queue, worker)),
      ...login(queue, loginOf),
    },
    ...section('', sections[''], project ?? pythonFolder(queue)),
  };
  const notes = leftOut({
    tab: tab.find(tabId),
    nodes: tab.nodes,
    disabled: tab.disabled,
    configs: [broker, queue, project, tls].filter((node) => node !== undefined),
    several: [brokers, queues, projects, workers].flatMap((found) => found.slice(1)),
  });
  return { config, notes };
}

/** Returns the section for a node; without a node, the file's defaults. */
function section<O extends Options>(name: SectionName, options: O, node: object | undefined): Section<O> {
  const stored = Object(node) as Record<string, unknown>;
  const explicit = Object.entries(options).map(([key, option]): [string, FileValue] => {
    const value = node && isEmpty(stored[key]) ? runtimeDefault(name, key) : stored[key];
    return [key, isEmpty(value) ? null : fromField(value, option)];
  });
  return withDefaults(Object.fromEntries(explicit), options);
}

/** Returns a node's default for an empty field, which may differ from the file's default. */
function runtimeDefault(sectionName: SectionName, key: string): unknown {
  const [type, name] = propertyOf(sectionName, key);
  const rule = rulesOf(type)[name];
  return rule && defaultOf(rule);
}

/** Converts a value stored by the editor to a value of the file. */
function fromField(stored: unknown, { rule: { schema } }: Option): FileValue {
  const text = typeof stored === 'string' ? stored : JSON.stringify(stored);
  if (isVariable(text)) return text;
  if (schema['type'] === 'boolean') return text === 'true';
  return schema['type'] === 'string' ? text : Number(text);
}

function queueFields(queue: FlowNode, worker: FlowNode | undefined) {
  const { queue_type, store, ...others } = queue;
  // Python's workers run the jobs of this store; there is no node for them.
  if (store === 'rq') return { ...others, type: 'rq', store: 'redis', workers: 'python' };
  const { concurrency, timeout } = Object(worker) as Partial<FlowNode>;
  return { ...others, type: queue_type, store, workers: 'node-red', worker_count: concurrency, timeout };
}

/** Without a project, the folder that the workers are told. */
function pythonFolder(queue: FlowNode | undefined): object | undefined {
  return queue?.['store'] === 'rq' ? { base_dir: queue['base_dir'] } : undefined;
}

function login(node: FlowNode | undefined, loginOf: (node: FlowNode) => Login) {
  const { username, password } = node ? loginOf(node) : {};
  return { username: username || null, password: password || null };
}
