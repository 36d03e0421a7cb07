import assert from 'node:assert/strict';
import type { Node, NodeMessage } from 'node-red';
import { InterruptedError, settledWithin, type Delivery } from '../../../src/index.ts';
import { openSettlement } from '../../../nodes/settlement/settlement.ts';
import { until } from '../../helpers/until.ts';
import { flow, node, type FlowItem, type Part } from './notation.ts';
import { startNodeRed, type NodeFile, type NodeRed } from './start.ts';
import { contributed, fn, testNodes, type End } from './wiring.ts';

interface Patient extends Node {
  deliver(msg: NodeMessage): Delivery;
}

/** A source that waits for its deliveries when it closes, as those of this package do. */
const patientSource: NodeFile = (RED) => {
  function PatientSource(this: Patient, definition: never) {
    RED.nodes.createNode(this, definition);
    const settlement = openSettlement(RED, this);
    const deliveries: Promise<void>[] = [];
    this.deliver = (msg) => {
      const delivery = settlement.deliver(msg, (copy) => this.send(copy));
      deliveries.push(delivery.settled);
      return delivery;
    };
    this.on('close', (done: () => void) => {
      const close = () => settlement.close();
      void settledWithin(3000, Promise.allSettled(deliveries)).then(close).finally(done);
    });
  }
  RED.nodes.registerType('patient-source', PatientSource);
};

/** A node that works for half a second, also after it was closed: a function's timers end with it. */
function working(work: (send: () => void, done: (error?: Error) => void) => void) {
  return (msg: NodeMessage, send: (msg: NodeMessage) => void, done: (error?: Error) => void) =>
    void setTimeout(() => work(() => send(msg), done), 500);
}

const slow = node('slow', {}, 'end');
const delay = node('delay', { pauseType: 'delay', timeout: '30', timeoutUnits: 'seconds' }, 'end');
const rate = node(
  'delay',
  {
    pauseType: 'rate',
    rate: '1',
    nbRateUnits: '1',
    rateUnits: 'hour',
    timeout: '5',
    timeoutUnits: 'seconds',
  },
  'end',
);
const join = node(
  'join',
  { mode: 'custom', build: 'array', count: '9', joiner: '', propertyType: 'msg' },
  'end',
);
const batch = node('batch', { mode: 'count', count: 9, overlap: 0, interval: 10 }, 'end');

describe('settlement: nodes that are stopped', () => {
  let red: NodeRed;
  const end = () => red.node('end') as End;
  const source = () => red.node('source') as Patient;

  before(async () => {
    const nodes = {
      ...testNodes,
      'patient-source': patientSource,
      silent: contributed('silent', () => undefined),
      keeps: contributed('keeps', (_msg: object, _send: unknown, _done: unknown) => undefined),
      slow: contributed(
        'slow',
        working((send, done) => (send(), done())),
      ),
      'slow-end': contributed(
        'slow-end',
        working((_send, done) => done()),
      ),
      'slow-failure': contributed(
        'slow-failure',
        working((_send, done) => done(new Error('closed'))),
      ),
    };
    red = await startNodeRed({ nodes });
  });
  after(() => red.stop());

  function flowWith(nodes: Record<string, Part>): FlowItem[] {
    const first = Object.keys(nodes)[0] ?? '';
    return flow({ source: node('patient-source', {}, first), ...nodes, end: node('test-end') });
  }

  /** The same flow, the node `a` in it changed. */
  function changed(flows: FlowItem[]): FlowItem[] {
    return flows.map((item) => (item.id === 'a' ? { ...item, name: 'changed' } : item));
  }

  /** How a delivery ends that `a` has when the flow is deployed again. */
  async function outcomeOver(part: Part, type: 'full' | 'nodes'): Promise<Error | undefined> {
    const flows = flowWith({ a: part });
    await red.deploy(flows);
    // A rate limit lets the first one pass.
    source().deliver({ payload: 0 });
    const delivery = source().deliver({ payload: 1 });
    await until('a has it', () => delivery.holders().some((name) => name.endsWith(' a')));
    await red.deploy(type === 'full' ? flows : changed(flows), type);
    return delivery.settled.then(
      () => undefined,
      (error: Error) => error,
    );
  }

  for (const [name, part] of Object.entries({ delay, 'rate limit': rate, join, batch })) {
    for (const type of ['full', 'nodes'] as const) {
      it(`${name}: what it had kept is interrupted by a deploy (${type})`, async () => {
        const error = await outcomeOver(part, type);
        assert.ok(error instanceof InterruptedError, String(error));
        assert.ok(end().finished <= 1, 'the first one, past a rate limit');
      });
    }
  }

  it('a node that sends to one that is gone: the delivery is interrupted', async () => {
    const error = await outcomeOver(slow, 'full');
    assert.ok(error instanceof InterruptedError, String(error));
    assert.match(error.message, /a node behind slow a was stopped before it had the message/);
  });

  it('a node that ends its work after it was closed has done it', async () => {
    assert.equal(await outcomeOver(node('slow-end'), 'full'), undefined);
  });

  it('a node that was closed and sends to one that goes on: so does the delivery', async () => {
    assert.equal(await outcomeOver(slow, 'nodes'), undefined);
    assert.equal(end().finished, 2);
  });

  it('an error of a node that was closed is an interruption', async () => {
    const failing = fn(
      'await new Promise((resolve) => setTimeout(resolve, 200)); throw new Error("closed");',
    );
    const error = await outcomeOver(failing, 'full');
    assert.ok(error instanceof InterruptedError, String(error));
  });

  it('a link out to a link in that is gone: the delivery is interrupted', async () => {
    const flows = flowWith({
      a: node('slow', {}, 'out'),
      out: node('link out', { mode: 'link', links: ['in'] }),
      in: node('link in', { links: ['out'] }, 'end'),
    });
    await red.deploy(flows);
    const delivery = source().deliver({});
    await until('a has it', () => delivery.holders().join() === 'slow a');
    const deployed = red.deploy(flows);
    await assert.rejects(delivery.settled, InterruptedError);
    await deployed;
  });

  it('a message that reaches a node which was closed meanwhile is interrupted', async () => {
    const flows = flowWith({ a: fn('await new Promise((resolve) => setTimeout(resolve, 1000));', '') });
    const old = { id: 'old', ...node('silent') };
    await red.deploy([...flows, old]);
    const before = red.node('old');
    const delivery = source().deliver({});
    await red.deploy([...flows, { ...old, name: 'changed' }], 'nodes');
    before.receive({ _fpDelivery: delivery.id });
    await assert.rejects(delivery.settled, InterruptedError);
  });

  it('a wire to a node that was disabled is no interruption', async () => {
    const flows = flowWith({ a: fn('return msg;', 'b end'), b: fn('return msg;', '') });
    await red.deploy(flows);
    await red.deploy(
      flows.map((item) => (item.id === 'b' ? { ...item, d: true } : item)),
      'nodes',
    );
    await source().deliver({}).settled;
    assert.equal(end().finished, 1);
  });

  it('a node that restarted gets messages again', async () => {
    const flows = flowWith({ a: fn('return msg;', 'end') });
    await red.deploy(flows);
    await red.deploy(changed(flows), 'nodes');
    await source().deliver({}).settled;
    assert.equal(end().finished, 1);
  });

  it('a node that never ends what it has is waited for 10 seconds after it was closed', async function () {
    const error = await outcomeOver(node('keeps'), 'nodes');
    assert.ok(error instanceof InterruptedError, String(error));
    assert.match(error.message, /keeps a was stopped while it had the message/);
  });

  it('a function that waits for a timer is not waited for, as Node-RED ends its timers', async () => {
    const waiting = fn('await new Promise((resolve) => setTimeout(resolve, 1e6));', '');
    await red.deploy(flowWith({ a: waiting }));
    const delivery = source().deliver({});
    await until('a has it', () => delivery.holders().join() === 'function a');
    let interrupted = false;
    delivery.settled.catch(() => (interrupted = true));
    const deployed = red.deploy(changed(flowWith({ a: waiting })), 'nodes');
    await until('it is interrupted', () => interrupted, 5000);
    await deployed;
  });
});
