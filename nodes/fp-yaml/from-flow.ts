/** Reads the nodes of a tab as a config, and notes what YAML has no words for. */
import { configKeys, type Config, type Section, type Value } from '../../src/index.ts';
import { isVariable } from '../../src/variable.ts';
import { isEmpty, mistakeIn } from '../properties.ts';
import { rulesOf } from '../rules.ts';
import type { Login } from '../test-endpoint.ts';
import { brokerFields } from './broker-fields.ts';
import { propertyOf, type SectionName } from './file-keys.ts';
import type { FlowNode } from './flow-node.ts';
import { leftOut } from './left-out.ts';

type Keys = configKeys.Keys;

/** A tab's own nodes from top to bottom, and the config nodes. */
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

  /** The config nodes that nodes on the tab refer to by `property`, the most used first. */
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
  const tls = tab.find(broker?.['tls']);
  const { base_dir = null, log_level = null } = section('', configKeys.project, project);
  const config: Config = {
    mqtt: {
      ...section('mqtt', configKeys.mqtt, broker && brokerFields(broker, tls)),
      ...login(broker, loginOf),
    },
    subscriptions: tab
      .ofType('fp-subscribe')
      .map((node) => section('subscriptions', configKeys.subscription, node)),
    job_queue: {
      ...section('job_queue', configKeys.jobQueue, queue && queueFields(queue, worker)),
      ...login(queue, loginOf),
    },
    base_dir,
    log_level,
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

/** Without a node it says what a file says by itself. */
function section(sectionName: SectionName, keys: Keys, node: object | undefined): Section {
  const stored = Object(node) as Record<string, unknown>;
  const said = Object.entries(keys).map(([key, { type }]): [string, Value] => {
    const value = node && isEmpty(stored[key]) ? runtimeDefault(sectionName, key) : stored[key];
    return [key, isEmpty(value) ? null : fromField(value, type)];
  });
  return configKeys.withDefaults(Object.fromEntries(said), keys);
}

/** What a node takes for an empty field, which can be another default than that of a file. */
function runtimeDefault(sectionName: SectionName, key: string): unknown {
  const [type, name] = propertyOf(sectionName, key);
  const rule = rulesOf(type)[name];
  return rule && mistakeIn(rule, name, {}) === undefined ? rule(undefined, {}) : undefined;
}

/** What the editor stored, as the file says it. */
function fromField(stored: unknown, type: configKeys.Key['type']): Value {
  const text = typeof stored === 'string' ? stored : JSON.stringify(stored);
  if (isVariable(text)) return text;
  if (type === 'flag') return text === 'true';
  return type === 'number' ? Number(text) : text;
}

function queueFields(queue: FlowNode, worker: FlowNode | undefined) {
  const { queue_type, ...others } = queue;
  return { ...others, type: queue_type, worker_count: worker?.['concurrency'], timeout: worker?.['timeout'] };
}

function login(node: FlowNode | undefined, loginOf: (node: FlowNode) => Login): Section {
  const { username, password } = node ? loginOf(node) : {};
  return { username: username || null, password: password || null };
}
