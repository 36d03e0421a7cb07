import assert from 'node:assert/strict';
import { fromFlow } from '../../../nodes/fp-yaml/from-flow.ts';
import type { FlowNode } from '../../../nodes/fp-yaml/flow-node.ts';
import { toFlow } from '../../../nodes/fp-yaml/to-flow.ts';
import { configFiles } from '../../helpers/config-files.ts';
import { valid } from '../../helpers/config.ts';

const tab = { id: 'tab', type: 'tab' };
const broker = { id: 'b', type: 'fp-mqtt-config' };
const queue = { id: 'q', type: 'fp-queue-config' };
const subscribe = {
  id: 's',
  type: 'fp-subscribe',
  z: 'tab',
  broker: 'b',
  topic: 'a',
  pipeline: 'p',
};
const worker = { id: 'w', type: 'fp-worker', z: 'tab', queue: 'q' };

/** Exports a tab. */
const exported = (...nodes: FlowNode[]) => fromFlow([tab, ...nodes], 'tab', () => ({}));

/** Returns the notes of an export after one node of an imported file was changed. */
function notesAfter(type: string, change: object, name = ''): string[] {
  const nodes = toFlow(valid(configFiles['every option'] ?? ''), 'plant');
  const index = nodes.findIndex((node) => node.type === type && (name === '' || node.name === name));
  assert.notEqual(index, -1);
  const changed = nodes.with(index, { ...nodes[index], ...change } as FlowNode);
  return fromFlow(changed, nodes[0]?.id ?? '', () => ({})).notes;
}

describe('the export of a tab', () => {
  it("has the runtime's default for a missing property of a node", () => {
    const { mqtt, subscriptions, job_queue } = exported(broker, queue, subscribe, worker).config;
    assert.equal(mqtt['clean_session'], false);
    assert.deepEqual(
      [job_queue['enabled'], job_queue['store'], job_queue['type']],
      [true, 'embedded', 'bullmq'],
    );
    const [{ qos, execution_mode, deserialization_format } = {}] = subscriptions;
    assert.deepEqual([qos, execution_mode, deserialization_format], [1, 'async', 'auto']);
  });

  it("has the file's defaults if a node is missing", () => {
    const { mqtt, job_queue } = exported(broker, { ...subscribe, broker: '' }).config;
    assert.deepEqual([mqtt['clean_session'], job_queue['enabled']], [true, false]);
  });

  it('omits disabled subscriptions and workers, with a note', () => {
    const { config, notes } = exported(
      broker,
      queue,
      { ...subscribe, d: true, name: 'hall' },
      { ...worker, d: true, concurrency: '9' },
    );
    assert.deepEqual(config.subscriptions, []);
    assert.equal(config.job_queue['worker_count'], 4);
    assert.deepEqual(notes, [
      'hall (fp-subscribe) is disabled: it is left out',
      'fp-worker w is disabled: it is left out',
    ]);
  });

  it('notes settings that a file has no key for', () => {
    assert.deepEqual(notesAfter('fp-queue-config', {}), []);
    for (const [type, change, words] of [
      ['fp-pipeline', { pipeline: 'fixed' }, /: pipeline$/],
      ['fp-enqueue', { pipeline: 'fixed', pipeline_type: 'str' }, /: pipeline, pipeline_type$/],
      ['fp-worker', { limit_max: '5' }, /: limit_max$/],
      ['fp-queue-config', { tls: 'tls' }, /: tls$/],
      ['fp-stats', { interval: '10' }, /: interval$/],
      ['inject', { repeat: '60' }, /: repeat$/],
    ] as const) {
      const notes = notesAfter(type, change);
      assert.equal(notes.length, 1, notes.join('\n'));
      assert.match(notes[0] ?? '', words);
    }
  });

  it('has no note about defaults, however they are stored', () => {
    assert.deepEqual(
      notesAfter('fp-project-config', { timeout: 300, python_processes: '4', memory: '' }),
      [],
    );
  });

  it('does not show the options for Redis, which may contain a password', () => {
    const [note = ''] = notesAfter('fp-queue-config', { redis_options: '{"sentinelPassword":"secret"}' });
    assert.match(note, /redis_options/);
    assert.doesNotMatch(note, /secret/);
  });

  it('notes that certificates stored in Node-RED are not exported, nor outdated paths', () => {
    for (const change of [
      { certname: 'own.pem' },
      { certType: 'env' },
      { credentials: { passphrase: 'x' } },
    ]) {
      const [note = ''] = notesAfter('tls-config', change);
      assert.match(note, /keeps certificates or a passphrase in Node-RED/);
    }
    const tls = { id: 't', type: 'tls-config', certType: 'env', cert: '/old.pem', key: '/old.key' };
    const { config } = exported({ ...broker, tls: 't' }, tls, subscribe);
    assert.deepEqual([config.mqtt['tls_cert'], config.mqtt['tls_key']], [null, null]);
  });

  it('notes a disabled tab and a disabled broker', () => {
    const disabled = { ...broker, d: true };
    const { notes } = fromFlow([{ ...tab, disabled: true }, disabled, subscribe], 'tab', () => ({}));
    assert.deepEqual(notes, [
      'the tab is disabled: the file does not say so',
      'fp-mqtt-config b is disabled: the file does not say so',
    ]);
  });

  it('notes nodes that an import does not create', () => {
    const enqueue = (id: string) => ({ id, type: 'fp-enqueue', z: 'tab', queue: 'q' });
    const others = [
      { id: 'f', type: 'function', z: 'tab' },
      { id: 'j', type: 'fp-job', z: 'tab' },
    ];
    const { notes } = exported(broker, queue, subscribe, enqueue('1'), enqueue('2'), ...others);
    assert.deepEqual(notes, [
      'nodes of other kinds are left out: function, fp-job',
      '2 nodes fp-enqueue: an import makes 1',
    ]);
  });
});
