import assert from 'node:assert/strict';
import { describeGateway } from '../helpers/describe-gateway.ts';
import { config, enqueue, job, n, pipeline, queue, sink, subscribe, worker } from '../helpers/flow.ts';
import { untilStatus, type FlowNode } from '../helpers/node-red.ts';
import { redisAddress } from '../helpers/redis.ts';
import { probe } from '../helpers/test-nodes.ts';
import { unique } from '../helpers/unique.ts';

const payloads = (messages: Record<string, unknown>[]) => messages.map(({ payload }) => payload).toSorted();

describeGateway('a node that did not open', (gateway) => {
  const toQueue = (properties: object, node: object = {}) => [
    gateway.session,
    queue(redisAddress(), { queue_name: gateway.topic, ...properties }),
    subscribe(gateway.topic, ['enqueue'], { qos: '1' }),
    { ...enqueue(['stored']), ...node },
    sink('stored'),
  ];

  for (const [mistake, properties, words] of [
    ['whose queue needs a variable that is not set', { redis_url: '${FP_NOT_SET}' }, /FP_NOT_SET/],
    ['whose queue has a bad number', { max_retries: 'many' }, /max_retries/],
  ] as const) {
    for (const type of ['nodes', 'full'] as const) {
      it(`fp-enqueue ${mistake} holds its messages until it is corrected (${type})`, async () => {
        await gateway.red.deploy(toQueue(properties));
        await untilStatus(gateway.red, 'subscribe', '0 received');
        await gateway.publish(1, 2, 3);
        await untilStatus(gateway.red, 'subscribe', /^waits for enqueue \(fp-enqueue\)/);
        assert.equal(gateway.red.status('subscribe').fill, 'yellow');
        assert.ok(gateway.red.log.some((line) => line.includes('[fp-enqueue') && words.test(line)));
        const stored = probe('stored');
        await gateway.red.deploy(toQueue({}), type);
        await stored.got(3);
        assert.deepEqual(payloads(stored.messages), [1, 2, 3]);
      });
    }
  }

  it('fp-enqueue without its queue holds its messages until it has one', async () => {
    await gateway.red.deploy(toQueue({}).filter(({ type }) => type !== 'fp-queue-config'));
    await untilStatus(gateway.red, 'subscribe', '0 received');
    await gateway.publish(1);
    await untilStatus(gateway.red, 'subscribe', /waits for enqueue \(fp-enqueue\)/);
    const stored = probe('stored');
    await gateway.red.deploy(toQueue({}));
    await stored.got(1);
  });

  const toJob = (target: FlowNode, ...more: FlowNode[]) => [
    queue(redisAddress(), { queue_name: gateway.topic }),
    { ...queue(redisAddress(), { queue_name: gateway.topic }), id: 'filling' },
    n('fill', 'fp-enqueue', [], { queue: 'filling' }),
    worker([target.id, 'completed'], { concurrency: '2' }),
    target,
    ...['done', 'completed'].map((id) => sink(id)),
    ...more,
  ];
  const unset = { value: '${FP_NOT_SET}' };
  const project = config('project', 'fp-project-config', { base_dir: '${FP_NOT_SET}' });
  for (const [name, broken, mended, more] of [
    ['fp-job', job(['done'], { action: 'log', ...unset }), job(['done'], { action: 'log', value: 'x' }), []],
    ['fp-pipeline', pipeline(['done'], { pipeline: 'p' }), sink('pipeline', ['done']), [project]],
    ['fp-enqueue', enqueue(['done'], { queue: 'none' }), sink('enqueue', ['done']), []],
  ] as const) {
    it(`${name} behind a worker: its jobs are given back with no attempt used up, until it is corrected`, async () => {
      const completed = probe('completed');
      await gateway.red.deploy(toJob(broken, ...more));
      await untilStatus(gateway.red, 'worker', 'ready');
      for (const payload of [1, 2, 3]) gateway.red.node('fill').receive({ payload });
      await untilStatus(gateway.red, 'worker', new RegExp(`^waits for ${broken.id} \\(${name}\\)`));
      assert.equal(gateway.red.status('worker').fill, 'yellow');
      const done = probe('done');
      await gateway.red.deploy(toJob(mended), 'nodes');
      await completed.got(3);
      assert.deepEqual(payloads(done.messages), [1, 2, 3]);
      assert.ok(completed.messages.every(({ job: ended }) => (ended as { attempt: number }).attempt === 1));
    });
  }

  const beside = (properties: object) => [
    gateway.session,
    subscribe(gateway.topic, ['seen'], { qos: '1', ...properties }),
    { ...subscribe(unique('other'), ['seen'], { qos: '1' }), id: 'other' },
    sink('seen'),
  ];
  for (const [mistake, properties] of [
    [
      'lacks its .proto file',
      { deserialization_format: 'protobuf', proto_file: 'none.proto', proto_message: 'X' },
    ],
    ['has a wrong topic', { topic: 'a/#/b' }],
  ] as const) {
    it(`fp-subscribe that ${mistake} gets what came for it meanwhile, while another one holds the connection`, async () => {
      await gateway.red.deploy(beside({}));
      await untilStatus(gateway.red, 'subscribe', '0 received');
      const seen = probe('seen');
      await gateway.red.deploy(beside(properties), 'nodes');
      await gateway.publish(1, 2);
      await gateway.red.deploy(beside(properties));
      await untilStatus(gateway.red, 'other', '0 received');
      assert.equal(gateway.red.status('subscribe').fill, 'red');
      await gateway.red.deploy(beside({}), 'nodes');
      await seen.got(2);
      assert.deepEqual(payloads(seen.messages), [1, 2]);
    });
  }

  it('is an error for Catch where its message belongs to no delivery', async () => {
    const caught = probe('caught');
    await gateway.red.deploy([
      enqueue([], { queue: 'none' }),
      n('catch', 'catch', ['caught'], { scope: null }),
      sink('caught'),
    ]);
    gateway.red.node('enqueue').receive({ payload: 1 });
    const [msg] = await caught.got(1);
    assert.match((msg['error'] as Error).message, /queue missing or disabled/);
  });

  it('names the variable that is not set, in the words of the node that needs it', async () => {
    await gateway.red.deploy([
      gateway.session,
      queue(redisAddress(), { redis_url: '${FP_NOT_SET}' }),
      enqueue([]),
    ]);
    const words = 'needs FP_NOT_SET, an environment variable that is not set';
    assert.ok(
      gateway.red.log.includes(`[fp-queue-config:] \`redis_url\` ${words}`),
      gateway.red.log.join('\n'),
    );
    assert.ok(
      gateway.red.log.includes(`[fp-enqueue:enqueue] queue not configured correctly: \`redis_url\` ${words}`),
    );
  });

  it('of another package, without an input handler, holds its messages, too', async () => {
    const flow = (type: string) => [
      gateway.session,
      subscribe(gateway.topic, ['b'], { qos: '1' }),
      n('b', type),
    ];
    await gateway.red.deploy(flow('test-no-handler'));
    await untilStatus(gateway.red, 'subscribe', '0 received');
    await gateway.publish(1);
    await untilStatus(gateway.red, 'subscribe', /^waits for b \(test-no-handler\): it/);
    const mended = probe('b');
    await gateway.red.deploy(flow('test-probe'), 'nodes');
    await mended.got(1);
  });
});
