import assert from 'node:assert/strict';
import type { Node } from 'node-red';
import { InterruptedError } from '../../../src/index.ts';
import { until } from '../../helpers/until.ts';
import { sharedNodeRed } from '../../helpers/node-red.ts';
import { node } from './notation.ts';
import { startNodeRed, type NodeRed } from './start.ts';
import { contributed, fn, outcome, sourceFlow, testNodes, wirings, type End, type Source } from './wiring.ts';

const trigger = (properties: object) =>
  node(
    'trigger',
    {
      op1: '1',
      op1type: 'str',
      op2: '2',
      op2type: 'str',
      duration: '50',
      units: 'ms',
      bytopic: 'all',
      topic: 'topic',
      outputs: 1,
      ...properties,
    },
    'end',
  );

wirings(
  'settlement: a node that sends later than it reports',
  {
    'of the old kind is waited for until it sends': { flow: { a: node('sends-later', {}, 'end') }, ends: 1 },
    'of the old kind is waited for until it fails': {
      flow: { a: node('fails-later', {}, 'end') },
      rejects: 'late',
    },
    'of the old kind, without a wire, is not waited for': { flow: { a: node('never-sends') } },
    'a trigger is waited for until it has sent both messages': { flow: { a: trigger({}) }, ends: 2 },
    'a trigger that sends nothing at the end is not waited for': {
      flow: { a: trigger({ op2type: 'nul', duration: '60000' }) },
      ends: 1,
    },
  },
  {
    'sends-later': contributed('sends-later', function (msg) {
      setTimeout(() => this.send(msg), 20);
    }),
    'fails-later': contributed('fails-later', function (msg) {
      setTimeout(() => this.error('late', msg), 20);
    }),
    'never-sends': contributed('never-sends', (_msg: object) => undefined),
  },
);

describe('settlement: a node that sends after it completed', () => {
  let red: NodeRed;
  const source = () => red.node('source') as Source;
  before(async () => {
    const drops = contributed('drops', (_msg: object) => undefined);
    red = await startNodeRed({ nodes: { ...testNodes, drops } });
  });
  after(() => red.stop());

  it('of the old style drops messages not sent within ten seconds: other nodes of its type are not waited for', async () => {
    await red.deploy(sourceFlow({ a: node('drops', {}, 'end') }));
    const first = source().deliver({});
    await until('it is held', () => first.holders().join() === 'drops a');
    await first.settled;
    await red.deploy(sourceFlow({ b: node('drops', {}, 'end') }));
    const second = source().deliver({});
    await second.settled;
  });

  it('a trigger that sends the newest message settles the older ones with it', async () => {
    await red.deploy(sourceFlow({ a: trigger({ op1type: 'nul', op2type: 'payl', extend: true }) }));
    const outcomes = await Promise.all([1, 2, 3].map((payload) => outcome(source().deliver({ payload }))));
    assert.deepEqual(outcomes, [undefined, undefined, undefined]);
    assert.equal((red.node('end') as End).finished, 1);
  });

  it('a trigger that is deployed again interrupts the messages it keeps', async () => {
    const flow = (duration: string) => sourceFlow({ a: trigger({ op1type: 'nul', duration }) });
    await red.deploy(flow('60000'));
    const delivery = source().deliver({});
    await until('it is held', () => delivery.holders().join() === 'trigger a');
    await red.deploy(flow('50000'), 'nodes');
    assert.ok((await outcome(delivery)) instanceof InterruptedError);
  });

  it('is warned once when it sends a message whose delivery has settled', async () => {
    const { log } = await sharedNodeRed();
    await red.deploy(sourceFlow({ a: fn('setTimeout(() => node.send(msg), 20); return null;', 'end') }));
    for (const payload of [1, 2]) await source().deliver({ payload }).settled;
    const warnings = () => log.filter((line) => line.startsWith('[function:] sends after it completed'));
    await until('it is warned', () => warnings().length > 0);
    await until('both were sent', () => (red.node('end') as End & Node).finished === 2);
    assert.equal(warnings().length, 1);
  });
});
