/** Converts a config to a flow: config nodes, and a tab with a node for every subscription. */
import { sections, usesTls, type Config, type FileValue } from '../../src/index.ts';
import { outputsFor } from '../fp-subscribe/outputs.ts';
import type { FlowNode } from './flow-node.ts';
import { layOut, type Cell, type Part } from './layout.ts';
import { nodeIds } from './node-ids.ts';

/** IDs that nodes refer to. */
interface Ids {
  tab: string;
  broker: string;
  queue: string;
  project: string;
  enqueue: string;
  runNow: string;
}

const TOP = 80;
const OF_PYTHON = ['worker_count', 'timeout', 'base_dir'];

/**
 * Returns the nodes of a tab named `name`. The same config and name result in the same IDs. Secrets are in
 * `credentials`.
 */
export function toFlow(config: Config, name: string): FlowNode[] {
  const idOf = nodeIds(name);
  const ids: Ids = {
    tab: idOf('tab'),
    broker: idOf('broker'),
    queue: idOf('queue'),
    project: idOf('project'),
    enqueue: idOf('enqueue'),
    runNow: idOf('run now'),
  };
  const comment = `Made from ${name}: import that file again to update this flow`;
  return [
    { id: ids.tab, type: 'tab', label: name, disabled: false, info: '' },
    ...brokerNodes(config.mqtt, ids, idOf),
    queueNode(config, ids),
    { id: ids.project, type: 'fp-project-config', name: '', ...fields(config, Object.keys(sections[''])) },
    { id: idOf('comment'), type: 'comment', z: ids.tab, name: comment, info: '', x: 300, y: 40, wires: [] },
    ...layOut(
      ids.tab,
      [
        { id: idOf('group intake'), name: 'Subscriptions', cells: intake(config, ids, idOf) },
        ...(isPython(config) ? [] : [jobs(config.job_queue, ids, idOf)]),
        statistics(ids, idOf),
      ],
      TOP,
    ),
  ];
}

function brokerNodes(mqtt: Config['mqtt'], ids: Ids, idOf: (key: string) => string): FlowNode[] {
  const { username, password, tls_ca, tls_cert, tls_key, tls_servername, tls_verify, ...others } = mqtt;
  const broker: FlowNode = {
    id: ids.broker,
    type: 'fp-mqtt-config',
    name: '',
    ...fields(others, Object.keys(others)),
    tls: '',
    ...login(username, password),
  };
  if (!usesTls(mqtt)) return [broker];
  const tls: FlowNode = {
    id: idOf('tls'),
    type: 'tls-config',
    name: '',
    ca: asField(tls_ca),
    cert: asField(tls_cert),
    key: asField(tls_key),
    caname: '',
    certname: '',
    keyname: '',
    servername: asField(tls_servername),
    verifyservercert: tls_verify,
    alpnprotocol: '',
  };
  return [tls, { ...broker, tls: tls.id }];
}

/** Whether Python's RQ workers run the jobs: then no node does. */
function isPython({ job_queue }: Config): boolean {
  return job_queue.workers === 'python';
}

function queueNode(config: Config, ids: Ids): FlowNode {
  const { type, username, password, worker_count, timeout, workers: _who, ...others } = config.job_queue;
  const { base_dir } = config;
  const ofPython = { store: 'rq', ...fields({ worker_count, timeout, base_dir }, OF_PYTHON) };
  return {
    id: ids.queue,
    type: 'fp-queue-config',
    name: '',
    ...fields(others, Object.keys(others)),
    queue_type: asField(type),
    ...(isPython(config) && ofPython),
    tls: '',
    ...login(username, password),
  };
}

/** Subscriptions in the first column, then fp-enqueue, then the pipeline that runs immediately. */
function intake({ subscriptions }: Config, ids: Ids, idOf: (key: string) => string): Cell[] {
  const middle = Math.max(0, Math.floor((subscriptions.length - 1) / 2));
  const done = debugNode(idOf('done now'), 'done now', 'payload');
  const runNow = pipelineNode({ id: ids.runNow, name: 'run now', project: ids.project, next: done.id });
  const wires = [[], [ids.runNow]];
  const enqueue = { id: ids.enqueue, type: 'fp-enqueue', name: '', queue: ids.queue, wires };
  return [
    ...subscriptions.map((one, row) => {
      const node = subscribeNode(one, ids, idOf(`subscription/${one.topic}/${one.pipeline}`));
      return { node, column: 0, row, label: String(one.topic) };
    }),
    { node: runNow, column: 2, row: middle, label: 'run now' },
    { node: done, column: 3, row: middle, label: 'done now' },
    // Below all subscriptions, so that no wire to "run now" crosses it.
    { node: enqueue, column: 1, row: Math.max(1, subscriptions.length), label: 'fp enqueue' },
  ];
}

function subscribeNode(subscription: Config['subscriptions'][number], ids: Ids, id: string): FlowNode {
  const given = fields(subscription, Object.keys(subscription));
  const outputs = outputsFor(subscription.execution_mode);
  return {
    id,
    type: 'fp-subscribe',
    name: '',
    broker: ids.broker,
    ...given,
    outputs: outputs.length,
    wires: outputs.map((mode) => [mode === 'sync' ? ids.runNow : ids.enqueue]),
  };
}

function jobs(queue: Config['job_queue'], ids: Ids, idOf: (key: string) => string): Part {
  const letter = debugNode(idOf('dead letter'), 'dead letter', 'error');
  const result = debugNode(idOf('result'), 'result', 'payload');
  const run = pipelineNode({ id: idOf('run'), name: 'run job', project: ids.project, next: result.id });
  const worker = {
    id: idOf('worker'),
    type: 'fp-worker',
    name: '',
    queue: ids.queue,
    concurrency: asField(queue.worker_count),
    timeout: asField(queue.timeout),
    wires: [[run.id], [], [letter.id]],
  };
  return {
    id: idOf('group jobs'),
    name: 'Jobs',
    cells: [
      { node: worker, column: 0, row: 0, label: 'fp worker' },
      { node: run, column: 1, row: 0, label: 'run job' },
      { node: result, column: 2, row: 0, label: 'result' },
      { node: letter, column: 1, row: 1, label: 'dead letter' },
    ],
  };
}

function statistics({ broker, queue }: Ids, idOf: (key: string) => string): Part {
  const [ask, stats, shown] = [idOf('ask'), idOf('stats'), idOf('statistics')];
  const inject = { id: ask, type: 'inject', name: 'ask', props: [], repeat: '', crontab: '', once: false };
  const node = { id: stats, type: 'fp-stats', name: '', broker, queue, interval: '0', wires: [[shown]] };
  return {
    id: idOf('group statistics'),
    name: 'Statistics',
    cells: [
      { node: { ...inject, onceDelay: '0.1', topic: '', wires: [[stats]] }, column: 0, row: 0, label: 'ask' },
      { node, column: 1, row: 0, label: 'fp stats' },
      { node: debugNode(shown, 'statistics', 'payload'), column: 2, row: 0, label: 'statistics' },
    ],
  };
}

function pipelineNode({
  id,
  name,
  project,
  next,
}: Record<'id' | 'name' | 'project' | 'next', string>): FlowNode {
  return { id, type: 'fp-pipeline', name, project, pipeline: '', wires: [[next]] };
}

function debugNode(id: string, name: string, complete: string): FlowNode {
  const shown = { active: true, tosidebar: true, console: false, tostatus: false };
  return { id, type: 'debug', name, ...shown, complete, targetType: 'msg', wires: [] };
}

/** Omits credentials that the file does not have, so that those typed in the editor stay. */
function login(username: FileValue = null, password: FileValue = null): Pick<FlowNode, 'credentials'> {
  const given = Object.entries({ username, password }).filter(([, value]) => value !== null);
  return given.length > 0 ? { credentials: Object.fromEntries(given) } : {};
}

function fields(section: object, names: string[]): Record<string, string | boolean> {
  const values = section as Record<string, FileValue>;
  return Object.fromEntries(names.map((name) => [name, asField(values[name])]));
}

/** The editor stores numbers as text. */
function asField(value: FileValue = null): string | boolean {
  return typeof value === 'boolean' ? value : value === null ? '' : String(value);
}
