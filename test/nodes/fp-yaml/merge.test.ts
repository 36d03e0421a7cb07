import assert from 'node:assert/strict';
import type { FlowNode } from '../../../nodes/fp-yaml/flow-node.ts';
import { merged } from '../../../nodes/fp-yaml/merge.ts';
import { explicitProperties } from '../../../nodes/fp-yaml/explicit-properties.ts';
import { toFlow } from '../../../nodes/fp-yaml/to-flow.ts';
import { configFiles } from '../../helpers/config-files.ts';
import { read, valid } from '../../helpers/config.ts';

const made = (text: string) => toFlow(valid(text), 'plant');
const imported = (all: FlowNode[], text: string, deployedLogins: string[] = []) => {
  const { explicit } = read(text);
  assert.ok(explicit);
  const nodes = made(text);
  return merged(all, { nodes, explicit: explicitProperties(nodes, explicit), deployedLogins }, () => ({}));
};
/** Finds a node by its type, and by its topic or name. */
const find = (nodes: FlowNode[], type: string, name?: string): FlowNode => {
  const isMeant = (node: FlowNode) => name === undefined || node['topic'] === name || node.name === name;
  return nodes.find((node) => node.type === type && isMeant(node)) ?? assert.fail(`${type} ${name}`);
};
const changed = (nodes: FlowNode[], type: string, changes: object): FlowNode[] =>
  nodes.map((node) => (node.type === type ? { ...node, ...changes } : node));

const subscriptions = (...topics: string[]) =>
  `subscriptions:\n${topics.map((topic) => `  - {topic: "${topic}", pipeline: "p", execution_mode: "async"}\n`).join('')}`;

describe('importing a file again', () => {
  const file = configFiles['every option'] ?? '';

  for (const [type, changes] of [
    ['tab', { label: 'Hall', disabled: true, info: 'notes' }],
    ['fp-mqtt-config', { name: 'our broker' }],
    ['fp-queue-config', { name: 'our queue', redis_options: '{}' }],
    ['fp-project-config', { name: 'our folder' }],
    ['fp-subscribe', { name: 'hall', x: 7, y: 700, d: true }],
    ['fp-enqueue', { priority: '1' }],
    ['fp-worker', { limit_max: '5', x: 3 }],
    ['fp-pipeline', { pipeline: 'fixed' }],
    ['fp-stats', { interval: '10' }],
    ['inject', { repeat: '60' }],
    ['debug', { active: false }],
    ['comment', { name: 'own words' }],
    ['group', { name: 'Hall', style: { fill: 'red' } }],
  ] as const) {
    it(`keeps the user's changes of a ${type}`, () => {
      const all = changed(made(file), type, changes);
      assert.deepEqual(imported(all, file), all);
    });
  }

  it('updates properties that the file sets', () => {
    const text = subscriptions('a').replace('"async"', '"mixed"');
    const all = imported(
      made(subscriptions('a')),
      `mqtt: {port: 1884}\njob_queue: {worker_count: 9}\n${text}`,
    );
    assert.equal(find(all, 'fp-mqtt-config')['port'], '1884');
    assert.equal(find(all, 'fp-worker')['concurrency'], '9');
    assert.equal(find(all, 'fp-subscribe')['execution_mode'], 'mixed');
  });

  it("keeps the user's changes of keys that the file omits", () => {
    const text = `job_queue: {enabled: true}\n${subscriptions('a', 'b')}`;
    const changes: [string, object][] = [
      ['fp-mqtt-config', { clean_session: false, window: '50' }],
      ['tls-config', { servername: 'h' }],
      ['fp-queue-config', { store: 'embedded', keep_failed: '9' }],
      ['fp-worker', { concurrency: '2', timeout: '7' }],
      ['fp-project-config', { base_dir: '/p' }],
      ['fp-subscribe', { qos: '1', max_payload: '9' }],
    ];
    const all = changes.reduce((nodes, [type, properties]) => changed(nodes, type, properties), made(text));
    assert.deepEqual(imported(all, text), all);
    const again = imported(all, text.replace('topic: "b"', 'qos: 2, topic: "b"'));
    assert.equal(find(again, 'fp-subscribe', 'a')['qos'], '1');
    assert.equal(find(again, 'fp-subscribe', 'b')['qos'], '2');
  });

  it('updates the port with the address', () => {
    const all = imported(made('mqtt: {broker: "h"}'), 'mqtt: {broker: "mqtts://h"}');
    assert.equal(find(all, 'fp-mqtt-config')['port'], '');
  });

  it('keeps TLS settings that the user chose, unless the file has its own', () => {
    const own = { id: 'own', type: 'tls-config' };
    const plain = changed([...made('mqtt: {broker: "h"}'), own], 'fp-mqtt-config', { tls: 'own' });
    const again = changed(plain, 'fp-queue-config', { tls: 'own' });
    assert.deepEqual(imported(again, 'mqtt: {broker: "h"}'), again);
    const secure = imported(again, 'mqtt: {broker: "h", tls_ca: "/ca.pem"}');
    const tls = secure.find(({ id, type }) => type === 'tls-config' && id !== 'own');
    assert.equal(find(secure, 'fp-mqtt-config')['tls'], tls?.id);
    assert.equal(find(secure, 'fp-queue-config')['tls'], 'own');
    const plainAgain = imported(secure, 'mqtt: {broker: "h"}');
    assert.equal(find(plainAgain, 'fp-mqtt-config')['tls'], '');
  });

  it('keeps another broker that the user chose, while it exists', () => {
    const text = subscriptions('a');
    const other = { id: 'other', type: 'fp-mqtt-config', broker: 'other' };
    const all = [...changed(made(text), 'fp-subscribe', { broker: 'other' }), other];
    assert.equal(find(imported(all, text), 'fp-subscribe')['broker'], 'other');
    const without = all.filter(({ id }) => id !== 'other');
    const { broker } = find(imported(without, text), 'fp-subscribe');
    assert.equal(broker, find(without, 'fp-mqtt-config').id);
  });

  it("uses the file's login, and keeps a typed one if the file has none", () => {
    const login = 'mqtt: {username: "me", password: "secret"}';
    const all = made('mqtt: {broker: "h"}');
    const { credentials } = find(imported(all, login), 'fp-mqtt-config');
    assert.deepEqual(credentials, { username: 'me', password: 'secret' });
    const typed = changed(all, 'fp-mqtt-config', { credentials: { username: 'typed' } });
    assert.deepEqual(imported(typed, 'mqtt: {broker: "h"}'), typed);
  });

  it('a deployed login is not a change, unless another one was typed since', () => {
    const login = 'mqtt: {username: "me", password: "secret"}';
    const all = changed(made(login), 'fp-mqtt-config', { credentials: undefined });
    const { id } = find(all, 'fp-mqtt-config');
    assert.deepEqual(imported(all, login, [id]), all);
    const typed = changed(all, 'fp-mqtt-config', { credentials: { password: 'other' } });
    const { credentials } = find(imported(typed, login, [id]), 'fp-mqtt-config');
    assert.deepEqual(credentials, { username: 'me', password: 'secret' });
  });

  it("keeps the user's wires, and wires outputs without wires", () => {
    const text = subscriptions('a');
    const own = { id: 'own', type: 'debug' };
    const all = [...changed(made(text), 'fp-enqueue', { wires: [['own'], []] }), own];
    const runNow = find(all, 'fp-pipeline', 'run now').id;
    assert.deepEqual(find(imported(all, text), 'fp-enqueue').wires, [['own'], [runNow]]);
  });

  for (const [from, to, wires] of [
    ['mixed', 'async', [['own jobs']]],
    ['mixed', 'sync', [['own now']]],
    ['async', 'mixed', [['run now'], ['own jobs']]],
    ['sync', 'mixed', [['own now'], ['enqueue']]],
    ['async', 'sync', [['run now']]],
  ] as const) {
    it(`moves the user's wires with their output when the mode changes from ${from} to ${to}`, () => {
      const text = (mode: string) => subscriptions('a').replace('"async"', `"${mode}"`);
      const own = { sync: [['own now']], async: [['own jobs']], mixed: [['own now'], ['own jobs']] };
      const nodes = changed(made(text(from)), 'fp-subscribe', { wires: own[from] });
      const all = [...nodes, { id: 'own now', type: 'debug' }, { id: 'own jobs', type: 'debug' }];
      const names = new Map([
        [find(all, 'fp-pipeline', 'run now').id, 'run now'],
        [find(all, 'fp-enqueue').id, 'enqueue'],
      ]);
      const { outputs, wires: after = [] } = find(imported(all, text(to)), 'fp-subscribe');
      assert.deepEqual(
        after.map((ids) => ids.map((id) => names.get(id) ?? id)),
        wires,
      );
      assert.equal(outputs, wires.length);
    });
  }

  it("keeps the user's mode and outputs if the file omits the mode", () => {
    const text = 'subscriptions: [{topic: "a", pipeline: "p"}]';
    const own = { execution_mode: 'mixed', outputs: 2, wires: [['own now'], ['own jobs']] };
    const nodes = changed(made(text), 'fp-subscribe', own);
    const all = [...nodes, { id: 'own now', type: 'debug' }, { id: 'own jobs', type: 'debug' }];
    assert.deepEqual(imported(all, text), all);
  });

  it('restores deleted nodes that the file has keys for, but no others', () => {
    const text = subscriptions('a');
    const isDeleted = ({ type }: FlowNode) => ['fp-worker', 'fp-enqueue', 'debug', 'group'].includes(type);
    const all = made(text).filter((node) => !isDeleted(node));
    const again = imported(all, text);
    assert.deepEqual(
      again.filter(isDeleted).map(({ type }) => type),
      ['fp-worker'],
    );
    const ids = new Set(again.map(({ id }) => id));
    for (const id of again.flatMap(({ wires = [] }) => wires.flat())) assert.ok(ids.has(id), id);
    assert.equal(find(again, 'fp-worker')['g'], undefined);
  });

  it('restores everything if the tab was deleted', () => {
    const nodes = made(subscriptions('a'));
    const configs = nodes.filter(({ type }) => type.endsWith('-config'));
    assert.equal(imported(configs, subscriptions('a')).length, nodes.length);
  });

  it('removes a subscription that the file no longer has, from wires and groups, too', () => {
    const all = imported(made(subscriptions('a', 'b')), subscriptions('b'));
    assert.deepEqual(
      all.filter(({ type }) => type === 'fp-subscribe').map(({ topic }) => topic),
      ['b'],
    );
    const ids = new Set(all.map(({ id }) => id));
    for (const id of all.flatMap(({ nodes = [] }) => nodes as string[])) assert.ok(ids.has(id));
  });

  it('puts a new subscription in the position of a removed one', () => {
    const before = made(subscriptions('a', 'b'));
    const moved = before.map((node) => (node['topic'] === 'a' ? { ...node, x: 500, y: 900 } : node));
    const after = imported(moved, subscriptions('c', 'b'));
    const { x, y, g } = find(after, 'fp-subscribe', 'c');
    assert.deepEqual([x, y, g], [500, 900, find(before, 'fp-subscribe', 'a')['g']]);
    const group = find(after, 'group', 'Subscriptions');
    assert.ok((group['nodes'] as string[]).includes(find(after, 'fp-subscribe', 'c').id));
  });

  it('makes room for new subscriptions: only nodes below their group move down', () => {
    const own = { id: 'own', type: 'debug', z: made('mqtt: {}')[0]?.id ?? '', x: 700, y: 100 };
    const before = [...made(subscriptions('a', 'b')), own];
    const after = imported(before, subscriptions('a', 'b', 'c', 'd'));
    const y = (nodes: FlowNode[], type: string, name?: string) => find(nodes, type, name).y ?? 0;
    const last = y(before, 'fp-subscribe', 'b');
    assert.deepEqual([y(after, 'fp-subscribe', 'c'), y(after, 'fp-subscribe', 'd')], [last + 60, last + 120]);
    const down = y(after, 'group', 'Jobs') - y(before, 'group', 'Jobs');
    assert.ok(y(after, 'group', 'Jobs') > last + 120 + 40);
    assert.equal(y(after, 'group', 'Statistics') - y(before, 'group', 'Statistics'), down);
    for (const type of ['fp-worker', 'fp-stats']) assert.equal(y(after, type), y(before, type) + down);
    assert.equal(y(after, 'fp-pipeline', 'run now'), y(before, 'fp-pipeline', 'run now'));
    assert.equal(after.find(({ id }) => id === 'own')?.y, 100);
  });
});
