import assert from 'node:assert/strict';
import { describeGateway } from '../helpers/describe-gateway.ts';
import { catcher, enqueue, fn, n, queue, sink, subscribe, worker } from '../helpers/flow.ts';
import { sharedNodeRed, type FlowNode, type TestNodeRed } from '../helpers/node-red.ts';
import { redisAddress } from '../helpers/redis.ts';
import { describeStores } from '../helpers/stores.ts';
import { probe } from '../helpers/test-nodes.ts';
import { unique } from '../helpers/unique.ts';
import { until } from '../helpers/until.ts';

const waits = { wait: true };
const giveResult = n('result', 'fp-job', [[]], { action: 'result', value: 'result', value_type: 'msg' });
/** A worker that gives the payload's double, or fails. */
const doubles = () => [
  worker(['double']),
  fn('double', 'if (msg.payload < 0) throw new Error("no luck"); msg.result = msg.payload * 2; return msg;', [
    'result',
  ]),
  giveResult,
];

describeStores('fp-enqueue that waits for the result', (address) => {
  let red: TestNodeRed;
  let queueNode: FlowNode;

  before(async () => {
    red = await sharedNodeRed();
  });
  beforeEach(async () => {
    queueNode = queue(await address());
  });
  afterEach(() => red.deploy([]));

  it('passes each message on with the result of its job', async () => {
    const answers = probe('answers');
    await red.deploy([queueNode, enqueue(['answers'], waits), sink('answers'), ...doubles()]);
    for (let payload = 0; payload < 50; payload++) red.node('enqueue').receive({ payload, topic: 'kept' });
    const messages = await answers.got(50);
    const numbers = messages.map(({ payload }) => Number(payload)).toSorted((a, b) => a - b);
    assert.deepEqual(
      numbers,
      Array.from({ length: 50 }, (_, number) => number * 2),
    );
    const [{ topic, job }] = messages;
    assert.deepEqual([topic, (job as { queue: string }).queue], ['kept', queueNode['queue_name']]);
  });

  it('gives no result for messages from before a deploy, whose jobs go on', async () => {
    const [answers, caught, completed] = [probe('answers'), probe('caught'), probe('completed')];
    const jobs = probe('jobs', { holds: true });
    const flow = (wait_timeout: string) => [
      queueNode,
      enqueue(['answers'], { wait: true, wait_timeout }),
      catcher(['caught']),
      worker(['jobs', 'completed', []], { concurrency: '2' }),
      ...['answers', 'caught', 'jobs', 'completed'].map((id) => sink(id)),
    ];
    await red.deploy(flow('60'));
    red.node('enqueue').receive({ topic: 'before' });
    await jobs.got(1);
    await red.deploy(flow('61'), 'nodes');
    red.node('enqueue').receive({ topic: 'after' });
    await jobs.got(2);
    for (const { done } of jobs.held) done();
    await completed.got(2);
    const messages = await answers.got(1);
    assert.deepEqual(
      messages.map(({ topic }) => topic),
      ['after'],
    );
    assert.deepEqual([caught.messages, red.log], [[], []]);
  });

  it('gives a Catch node the error of a dead letter, and a time-out', async () => {
    const [caught, answers] = [probe('caught'), probe('answers')];
    const flow = (properties: object, ...nodes: FlowNode[]) => [
      queueNode,
      enqueue(['answers'], properties),
      catcher(['caught'], { scope: ['enqueue'] }),
      ...['answers', 'caught'].map((id) => sink(id)),
      ...nodes,
    ];
    await red.deploy(flow(waits, ...doubles()));
    red.node('enqueue').receive({ payload: -1 });
    const [{ payload, error }] = await caught.got(1);
    assert.deepEqual([payload, (error as Error).message], [-1, 'JobFailedError: no luck']);
    // Only where no worker runs: on a slow machine a job may take longer.
    await red.deploy(flow({ ...waits, wait_timeout: '1' }));
    red.node('enqueue').receive({ payload: 2 });
    const [, late] = await caught.got(2);
    assert.match(String(Object(late?.['error']).message), /gave no result within 1 s/);
    assert.deepEqual(answers.messages, []);
  });
});

describeStores(
  'fp-enqueue behind http in',
  (address) => {
    it('answers a request with the result of its job', async () => {
      const red = await sharedNodeRed();
      const url = `/${unique('answer')}`;
      await red.deploy([
        queue(await address()),
        n('in', 'http in', ['enqueue'], { url, method: 'post' }),
        enqueue(['out'], waits),
        n('out', 'http response'),
        worker(['double']),
        fn('double', 'msg.result = { double: 2 * msg.payload.number }; return msg;', ['result']),
        giveResult,
      ]);
      const headers = { 'Content-Type': 'application/json' };
      const body = '{"number":21}';
      const response = await fetch(new URL(url, red.url), { method: 'POST', headers, body });
      assert.deepEqual(await response.json(), { double: 42 });
      await red.deploy([]);
    });
  },
  ['redis'],
);

describeGateway('fp-enqueue that waits, behind fp-subscribe', (gateway) => {
  it('acknowledges a message when its job is stored, and passes it on later without a warning', async () => {
    const answers = probe('answers');
    const jobs = probe('jobs', { holds: true });
    const { red, topic, session } = gateway;
    const one = { ...session, window: '1' };
    const flow = [one, queue(redisAddress()), subscribe(topic, ['enqueue'], { execution_mode: 'async' })];
    const work = [worker(['jobs'], { concurrency: '5' }), sink('jobs')];
    await red.deploy([...flow, enqueue(['answers'], waits), sink('answers'), ...work]);
    await until('it is subscribed', () => red.status('subscribe')?.fill === 'green');
    await gateway.publish(1, 2, 3);
    // The broker sends one at a time.
    await jobs.got(3);
    assert.equal(answers.messages.length, 0);
    for (const { done } of jobs.held) done();
    await answers.got(3);
    assert.deepEqual(red.log, []);
  });
});
