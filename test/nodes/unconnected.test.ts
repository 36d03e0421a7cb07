import assert from 'node:assert/strict';
import { describeGateway } from '../helpers/describe-gateway.ts';
import { enqueue, n, queue, sink, subscribe, worker } from '../helpers/flow.ts';
import { untilStatus, type FlowNode } from '../helpers/node-red.ts';
import { redisAddress } from '../helpers/redis.ts';
import { probe } from '../helpers/test-nodes.ts';
import { until } from '../helpers/until.ts';

const payloads = (messages: Record<string, unknown>[]) => messages.map(({ payload }) => payload).toSorted();
const disabled = (node: FlowNode) => ({ ...node, d: true });

describeGateway('an output that no node is connected to', (gateway) => {
  const otherTab = { id: 'other-tab', type: 'tab', label: 'other', disabled: true };
  const tab = { id: 'test-tab', type: 'tab', label: 'test' };
  const place = { z: 'test-tab', x: 0, y: 0 };
  const linkOut = n('out', 'link out', [], { ...place, mode: 'link', links: ['in'] });
  const linkIn = n('in', 'link in', ['seen'], { ...place, z: 'other-tab', links: ['out'] });
  for (const [how, wires, more, words] of [
    ['is not wired', [], [], /connect (the output|output 1) to a node/],
    ['ends in a disabled node', ['off'], [disabled(sink('off'))], /only disabled nodes/],
    ['links into a disabled tab', ['out'], [tab, otherTab, linkOut, linkIn], /only disabled nodes/],
  ] as const) {
    const placed = (nodes: FlowNode[]) =>
      more.length > 1 ? nodes.map((node) => ({ ...place, ...node })) : nodes;
    const on = (nodes: FlowNode[]) => [...more, ...nodes];

    it(`of fp-subscribe: its messages wait while it ${how}`, async () => {
      const flow = (to: readonly string[]) =>
        on([gateway.session, ...placed([subscribe(gateway.topic, [[...to]], { qos: '1' }), sink('seen')])]);
      await gateway.red.deploy(flow(wires));
      await untilStatus(gateway.red, 'subscribe', '0 received');
      await gateway.publish(1, 2);
      await untilStatus(gateway.red, 'subscribe', words);
      assert.equal(gateway.red.status('subscribe').fill, 'yellow');
      const seen = probe('seen');
      await gateway.red.deploy(flow(['seen']), 'nodes');
      await seen.got(2);
      assert.deepEqual(payloads(seen.messages).slice(0, 2), [1, 2]);
    });

    it(`of fp-worker: it takes no jobs while it ${how}`, async () => {
      const flow = (to: readonly string[]) =>
        on([
          queue(redisAddress(), { queue_name: gateway.topic }),
          ...placed([enqueue([]), worker([[...to], 'completed']), sink('seen'), sink('completed')]),
        ]);
      const completed = probe('completed');
      await gateway.red.deploy(flow(wires));
      gateway.red.node('enqueue').receive({ payload: 1 });
      await untilStatus(gateway.red, 'enqueue', /\b1\/min/);
      await untilStatus(gateway.red, 'worker', words);
      assert.equal(gateway.red.status('worker').fill, 'yellow');
      const seen = probe('seen');
      await gateway.red.deploy(flow(['seen']), 'nodes');
      await completed.got(1);
      assert.equal(seen.messages.length, 1);
    });
  }
});

describeGateway('a node that is disabled while jobs run', (gateway) => {
  const JOBS = 1500;

  it('completes none of the jobs that fp-worker sends to it meanwhile', async () => {
    const { red } = gateway;
    const flow = (target: FlowNode) => [
      queue(redisAddress(), { queue_name: gateway.topic, keep_completed: `${JOBS}` }),
      enqueue(),
      worker(['seen'], { concurrency: '50' }),
      target,
    ];
    const seen = probe('seen');
    await red.deploy(flow(disabled(sink('seen'))));
    for (let number = 0; number < JOBS; number += 1) red.node('enqueue').receive({ payload: number });
    await untilStatus(red, 'enqueue', /\b1,500\/min/);
    await red.deploy(flow(sink('seen')), 'nodes');
    for (const some of [100, 300, 500]) {
      await seen.got(some);
      await red.deploy(flow(disabled(sink('seen'))), 'nodes');
      await red.deploy(flow(sink('seen')), 'nodes');
    }
    await until('each job has run', () => new Set(payloads(seen.messages)).size === JOBS);
  });
});

describeGateway('a queue that is switched off', (gateway) => {
  const flow = (now: string[]) => [
    gateway.session,
    queue({ store: 'redis', redis_url: 'redis://127.0.0.1:1' }, { enabled: false }),
    subscribe(gateway.topic, ['enqueue'], { qos: '1' }),
    enqueue(['stored', now]),
    ...['stored', 'now'].map((id) => sink(id)),
  ];

  it('runs its messages by the second output of fp-enqueue, in order, one at a time', async () => {
    const [now, stored] = [probe('now', { holds: true }), probe('stored')];
    await gateway.red.deploy(flow(['now']));
    await untilStatus(gateway.red, 'subscribe', '0 received');
    await gateway.publish(1, 2, 3);
    for (const payload of [1, 2, 3]) {
      await now.got(payload);
      assert.equal(now.held.length, 1, 'one at a time');
      const { msg, done } = now.held.pop() as (typeof now.held)[number];
      assert.deepEqual([msg['payload'], msg['executionMode']], [payload, 'sync']);
      done();
    }
    assert.deepEqual(stored.messages, []);
  });

  it('makes messages wait while that output is not connected', async () => {
    await gateway.red.deploy(flow([]));
    await untilStatus(gateway.red, 'subscribe', '0 received');
    await gateway.publish(1);
    await untilStatus(gateway.red, 'subscribe', /waits for enqueue \(fp-enqueue\)/);
    const now = probe('now');
    await gateway.red.deploy(flow(['now']), 'nodes');
    await now.got(1);
  });
});
