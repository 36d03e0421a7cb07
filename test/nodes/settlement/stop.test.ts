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

/** A source that waits for its deliveries when it closes, like this package's nodes. */
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

type Send = (msg: NodeMessage) => void;
type Done = (error?: Error) => void;
type OnInput = (this: Node, ...given: [msg: NodeMessage, send: Send, done: Done]) => void;

/** A node that ends its work half a second after it was closed. A function node's timers would end when it closes. */
function working(work: (send: () => void, done: Done) => void): OnInput {
  return function (msg, send, done) {
    this.on('close', () => void setTimeout(() => work(() => send(msg), done), 500));
  };
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

  /** Returns the same flow with a changed node `a`. */
  function changed(flows: FlowItem[]): FlowItem[] {
    return flows.map((item) => (item.id === 'a' ? { ...item, name: 'changed' } : item));
  }

  /** Returns the result of a delivery that `a` holds when the flow is deployed again. */
  async function outcomeOver(part: Part, type: 'full' | 'nodes'): Promise<Error | undefined> {
    const flows = flowWith({ a: part });
    await red.deploy(flows);
    // A rate limit does not hold the first message.
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
      it(`${name}: a deploy interrupts the messages that it keeps (${type})`, async () => {
        const error = await outcomeOver(part, type);
        assert.ok(error instanceof InterruptedError, String(error));
        assert.ok(end().finished <= 1, 'the first one, past a rate limit');
      });
    }
  }

  it('a message sent to a removed node is interrupted', async () => {
    const error = await outcomeOver(slow, 'full');
    assert.ok(error instanceof InterruptedError, String(error));
    assert.match(error.message, /a node behind slow a was stopped before it had the message/);
  });

  it('a node that finishes its work after it was closed settles the delivery', async () => {
    assert.equal(await outcomeOver(node('slow-end'), 'full'), undefined);
  });

  it('a closed node that sends to a running one does not interrupt the delivery', async () => {
    assert.equal(await outcomeOver(slow, 'nodes'), undefined);
    assert.equal(end().finished, 2);
  });

  it('an error of a closed node is an interruption', async () => {
    const failing = fn(
      'await new Promise((resolve) => node.on("close", () => resolve())); throw new Error("closed");',
    );
    const error = await outcomeOver(failing, 'full');
    assert.ok(error instanceof InterruptedError, String(error));
  });

  it('a message sent by link out to a removed link in is interrupted', async () => {
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

  it('a message that reaches a closed node is interrupted', async () => {
    const flows = flowWith({ a: fn('await new Promise((resolve) => msg.keep(resolve));', '') });
    const old = { id: 'old', ...node('silent') };
    await red.deploy([...flows, old]);
    const before = red.node('old');
    const finishers: (() => void)[] = [];
    const delivery = source().deliver({
      keep: (finish: () => void) => finishers.push(finish),
    });
    await until('a has it', () => finishers.length > 0);
    await red.deploy([...flows, { ...old, name: 'changed' }], 'nodes');
    before.receive({ _fpDelivery: delivery.id });
    for (const finish of finishers) finish();
    await assert.rejects(delivery.settled, InterruptedError);
  });

  it('a wire to a disabled node does not interrupt', async () => {
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

  it('a node that never finishes is waited for 10 seconds after it was closed', async function () {
    const error = await outcomeOver(node('keeps'), 'nodes');
    assert.ok(error instanceof InterruptedError, String(error));
    assert.match(error.message, /keeps a was stopped while it had the message/);
  });

  it('a function that waits for a timer is not waited for, because Node-RED ends its timers', async () => {
    const waiting = fn('await new Promise((resolve) => setTimeout(resolve, 1e6));', '');
    await red.deploy(flowWith({ a: waiting }));
    const delivery = source().deliver({});
    await until('a has it', () => delivery.holders().join() === 'function a');
    let interrupted = false;
    delivery.settled.catch(() => (interrupted = true));
    const deployed = red.deploy(changed(flowWith({ a: waiting })), 'nodes');
    // A closed node that is waited for gets 10 s.
    await until('it is interrupted', () => interrupted, 9500);
    await deployed;
  });
});
