import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { rules as enqueueRules } from '../../nodes/fp-enqueue/properties.ts';
import { rules as mqttRules } from '../../nodes/fp-mqtt-config/properties.ts';
import { rules as pipelineRules } from '../../nodes/fp-pipeline/properties.ts';
import { rules as projectRules } from '../../nodes/fp-project-config/properties.ts';
import { rules as queueRules } from '../../nodes/fp-queue-config/properties.ts';
import { rules as statsRules } from '../../nodes/fp-stats/properties.ts';
import { rules as subscribeRules } from '../../nodes/fp-subscribe/properties.ts';
import { rules as workerRules } from '../../nodes/fp-worker/properties.ts';
import { mistakeIn, type Rules } from '../../nodes/properties.ts';
import { samples } from '../helpers/fuzz.ts';
import {
  broker,
  enqueue,
  pipeline,
  project,
  queue,
  sink,
  stats,
  subscribe,
  worker,
} from '../helpers/flow.ts';
import { sharedNodeRed, type FlowNode, type TestNodeRed } from '../helpers/node-red.ts';
import { probe } from '../helpers/test-nodes.ts';

const nowhere = { store: 'redis', redis_url: 'redis://127.0.0.1:1' } as const;
const makers: [Rules, () => FlowNode][] = [
  [mqttRules, () => broker({ port: 1 })],
  [queueRules, () => queue(nowhere)],
  [subscribeRules, () => subscribe('a', [])],
  [enqueueRules, () => enqueue()],
  [workerRules, () => worker([])],
  [statsRules, () => stats([])],
  [projectRules, () => project('nowhere')],
  [pipelineRules, () => pipeline()],
];
const rubbish = [
  -1,
  1e300,
  'x y#\0',
  '\ud800',
  'x'.repeat(100_000),
  true,
  [],
  {},
  { a: [null] },
  [[1]],
  null,
  ...samples(fc.jsonValue(), 20),
];

describe('a flow.json that was written by hand', function () {
  this.timeout(120_000);
  let red: TestNodeRed;

  before(async () => {
    red = await sharedNodeRed();
  });
  afterEach(() => red.deploy([]));

  for (const [rules, make] of makers) {
    const { type } = make();
    it(`${type}: rubbish in any property is told with its name, and stops no other node`, async () => {
      const alive = probe('alive');
      const nodes = Object.keys(rules).flatMap((property) =>
        rubbish.map((value, i) => ({ ...make(), id: `r_${property}_${i}`, name: '', [property]: value })),
      );
      await red.deploy([...nodes, sink('alive')]);
      red.node('alive').receive({ payload: 1 });
      await alive.got(1);
      for (const node of nodes) {
        const property = /^r_(.*)_\d+$/.exec(node.id)?.[1] ?? '';
        const mistake = mistakeIn(rules[property]!, property, node);
        const told = red.status(node.id).text ?? '';
        if (mistake !== undefined) assert.ok(told.includes(`\`${property}\``), `${node.id}: ${told}`);
        else assert.doesNotMatch(told, new RegExp(`\`${property}\``));
      }
    });
  }

  it('a node whose config node is missing shows a red ring and says so', async () => {
    await red.deploy([subscribe('a', []), enqueue(), worker([])]);
    for (const [id, what] of [
      ['subscribe', 'broker'],
      ['enqueue', 'queue'],
      ['worker', 'queue'],
    ] as const) {
      const { fill, shape, text } = red.status(id);
      assert.deepEqual([fill, shape], ['red', 'ring']);
      assert.match(text ?? '', new RegExp(`the ${what} is missing or disabled`));
    }
  });

  it('a mistake is told with the name of the property and what was found', async () => {
    await red.deploy([broker({ port: 1 }), subscribe('a/#/b', [], { qos: 3 })]);
    assert.equal(red.status('subscribe').fill, 'red');
    assert.match(red.log.join('\n'), /`topic` .*`qos` must be 0, 1 or 2, found 3/);
  });

  it('two names for one queue of a store are fine, each node uses its own', async () => {
    const second = { ...queue(nowhere), id: 'second' };
    await red.deploy([
      queue(nowhere),
      second,
      enqueue(),
      { ...enqueue([], { queue: 'second' }), id: 'other' },
    ]);
    assert.equal(red.status('other').fill, 'yellow');
  });
});
