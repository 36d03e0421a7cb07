import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { mistakeIn } from '../../src/options/rule.ts';
import { rulesOf, type allRules } from '../../nodes/rules.ts';
import { samples } from '../helpers/fuzz.ts';
import {
  broker,
  control,
  enqueue,
  events,
  job,
  pipeline,
  project,
  queue,
  schedule,
  sink,
  stats,
  subscribe,
  worker,
} from '../helpers/flow.ts';
import { sharedNodeRed, type FlowNode, type TestNodeRed } from '../helpers/node-red.ts';
import { probe } from '../helpers/test-nodes.ts';

const nowhere = { store: 'redis', redis_url: 'redis://127.0.0.1:1' } as const;
const makers: Record<keyof typeof allRules, () => FlowNode> = {
  'fp-mqtt-config': () => broker({ port: 1 }),
  'fp-queue-config': () => queue(nowhere),
  'fp-project-config': () => project('nowhere'),
  'fp-subscribe': () => subscribe('a', []),
  'fp-enqueue': enqueue,
  'fp-worker': () => worker([]),
  'fp-pipeline': pipeline,
  'fp-job': () => job([]),
  'fp-schedule': schedule,
  'fp-stats': () => stats([]),
  'fp-control': () => control([]),
  'fp-events': () => events([]),
};
const rubbish = [
  -1,
  7,
  1e300,
  Number.NaN,
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
  let red: TestNodeRed;

  before(async () => {
    red = await sharedNodeRed();
  });
  afterEach(() => red.deploy([]));

  for (const [type, make] of Object.entries(makers)) {
    const rules = rulesOf(type);
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
      assert.match(text ?? '', new RegExp(`${what} missing or disabled`));
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
