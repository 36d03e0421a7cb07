import assert from 'node:assert/strict';
import { describeImport } from '../../../nodes/fp-yaml/describe-import.ts';
import { explicitProperties } from '../../../nodes/fp-yaml/explicit-properties.ts';
import type { FlowNode } from '../../../nodes/fp-yaml/flow-node.ts';
import { fromFlow } from '../../../nodes/fp-yaml/from-flow.ts';
import { merged } from '../../../nodes/fp-yaml/merge.ts';
import { toFlow } from '../../../nodes/fp-yaml/to-flow.ts';
import { configFiles } from '../../helpers/config-files.ts';
import { read, valid } from '../../helpers/config.ts';

const file = configFiles['python workers'] ?? '';
const inNodeRed = file.replace('workers: "python"', 'workers: "node-red"');

const isQueue = ({ type }: FlowNode) => type === 'fp-queue-config';
const errors = (queue: string) =>
  read(`job_queue:\n  enabled: true\n${queue}`)
    .problems.filter(({ severity }) => severity === 'error')
    .map(({ path, message }) => `${path} ${message}`);

describe('a file whose jobs Python workers run', () => {
  it('becomes a flow without a worker, whose queue is one of RQ', () => {
    const flow = toFlow(valid(file), 'plant');
    assert.deepEqual(
      flow.filter(({ type }) => type === 'fp-worker'),
      [],
    );
    const { store, timeout, base_dir, queue_type, ...others } = flow.find(isQueue) ?? assert.fail();
    assert.deepEqual([store, timeout, base_dir, queue_type], ['rq', '180', '/srv/flowerpower', 'rq']);
    assert.equal(others['function'], 'plant.jobs.run');
  });

  it('is described: who runs the jobs, in one sentence each way', () => {
    assert.deepEqual(describeImport(valid(file)).slice(-3), [
      'queue mqtt_pipelines on Redis at redis://cache.example.com:6379',
      'pipelines in /srv/flowerpower',
      'type rq: Python runs these jobs: rq worker mqtt_pipelines; keep those processes',
    ]);
    assert.match(
      describeImport(valid(inNodeRed)).at(-1) ?? '',
      /will run in Node-RED.*stop the Python workers/,
    );
  });

  it('is the file again when its flow is exported, also without a project', () => {
    const config = valid(file);
    const flow = toFlow(config, 'plant').filter(({ type }) => type !== 'fp-project-config');
    const { config: exported, notes } = fromFlow(flow, flow[0]?.id ?? '', () => ({}));
    assert.deepEqual(exported, config);
    assert.deepEqual(notes, []);
  });

  it('brings a flow that was made without them up to date: the worker goes', () => {
    const { config, explicit } = read(file);
    const nodes = toFlow(config ?? valid(file), 'plant');
    const made = {
      nodes,
      explicit: explicitProperties(nodes, explicit ?? assert.fail()),
      deployedLogins: [],
    };
    const updated = merged(toFlow(valid(inNodeRed), 'plant'), made, () => ({}));
    assert.deepEqual(
      updated.filter(({ type }) => type === 'fp-worker'),
      [],
    );
    assert.equal(updated.find(({ type }) => type === 'fp-queue-config')?.['store'], 'rq');
  });

  it('keeps what it says of the function in a flow where Node-RED runs the jobs', () => {
    const flow = toFlow(valid(inNodeRed), 'plant');
    assert.equal(flow.filter(({ type }) => type === 'fp-worker').length, 1);
    assert.equal(fromFlow(flow, flow[0]?.id ?? '', () => ({})).config.job_queue.function, 'plant.jobs.run');
  });

  const mistakes: [string, string, RegExp][] = [
    [
      'another type',
      '  type: "bullmq"\n  workers: "python"\n',
      /^job_queue\.workers can be python only with `type: rq`/,
    ],
    ['another store', '  type: "rq"\n  store: "postgres"\n  workers: "python"\n', /only with `store: redis`/],
    ['a variable', '  workers: "${WORKERS}"\n', /must be node-red or python, no environment variable/],
    ['something else', '  workers: "ruby"\n', /must be node-red or python, found ruby/],
    [
      'a function that is none',
      '  function: "rm -rf"\n',
      /^job_queue\.function must be the name of a Python function/,
    ],
  ];
  for (const [what, queue, words] of mistakes) {
    it(`is wrong with ${what}`, () => {
      const found = errors(queue);
      assert.equal(found.length, 1, found.join('\n'));
      assert.match(found[0] ?? '', words);
    });
  }
});
