import assert from 'node:assert/strict';
import { catcher, control, enqueue, fn, queue, sink, worker } from '../helpers/flow.ts';
import { sharedNodeRed, untilStatus, type FlowNode, type TestNodeRed } from '../helpers/node-red.ts';
import { describeStores } from '../helpers/stores.ts';
import { probe, type Probe } from '../helpers/test-nodes.ts';
import { until } from '../helpers/until.ts';

type Answer = Record<string, unknown>;

let red: TestNodeRed;
let done: Probe;
let caught: Probe;

const rest = () => [sink('done'), catcher(['caught'], { scope: ['control'] }), sink('caught')];
/** Sends a message to the node; resolves to the payload that it sends. */
async function command(msg: Answer): Promise<Answer> {
  const before = done.messages.length;
  red.node('control').receive(msg);
  const sent = await done.got(before + 1);
  return sent[before]?.['payload'] as Answer;
}
async function mistake(msg: Answer): Promise<string> {
  const before = caught.messages.length;
  red.node('control').receive(msg);
  const errors = await caught.got(before + 1);
  return (Object(errors[before]?.['error']) as Error).message;
}
const counts = async () => (await command({ command: 'counts' }))['counts'] as Record<string, number>;
const untilCount = (state: string, count: number) =>
  until(`${count} are ${state}`, async () => (await counts())[state] === count);
const list = async (state: string) =>
  (await command({ command: 'list', state }))['jobs'] as { id: string; error: string; finishedAt: Date }[];
const add = (...payloads: unknown[]) => {
  for (const payload of payloads) red.node('enqueue').receive({ payload });
};

describeStores('fp-control', (address) => {
  let queueNode: FlowNode;
  const deploy = (properties: object, ...nodes: FlowNode[]) =>
    red.deploy([queueNode, enqueue(), control(['done'], properties), ...rest(), ...nodes]);
  const fromMessage = { command: 'msg' };

  before(async () => {
    red = await sharedNodeRed();
  });
  beforeEach(async () => {
    queueNode = queue(await address());
    [done, caught] = [probe('done'), probe('caught')];
  });
  afterEach(() => red.deploy([]));

  it('counts, lists, gets, retries and removes dead letters', async () => {
    const fails = fn('fails', 'throw new Error(`no answer to ${msg.payload}`)');
    await deploy(fromMessage, worker(['fails']), fails);
    add(1, 2, 3);
    await untilCount('dead', 3);
    const dead = await list('dead');
    assert.deepEqual(dead.map(({ error }) => error).toSorted(), [
      'no answer to 1',
      'no answer to 2',
      'no answer to 3',
    ]);
    const ends = dead.map(({ finishedAt }) => Number(finishedAt));
    assert.deepEqual(
      ends,
      ends.toSorted((a, b) => b - a),
      'the newest first',
    );
    assert.ok(ends.every((end) => end > 0));
    await deploy(fromMessage);
    const jobId = dead[0]?.id;
    const { job } = await command({ command: 'get', jobId });
    const { msg, error } = job as { msg: Answer; error: string };
    assert.equal(error, dead[0]?.error);
    assert.equal(error, `no answer to ${String(msg['payload'])}`);
    const { queue_name } = queueNode;
    assert.deepEqual(await command({ command: 'retry', jobId }), {
      command: 'retry',
      queue: queue_name,
      changed: 1,
    });
    assert.equal((await command({ command: 'remove', jobId: dead[1]?.id }))['changed'], 1);
    assert.equal((await command({ command: 'retry_all' }))['changed'], 1);
    await untilCount('waiting', 2);
    assert.equal((await command({ command: 'empty', state: 'waiting' }))['changed'], 2);
  });

  it('groups dead letters by their errors, and lists, retries and removes those of a group', async () => {
    await deploy(fromMessage, worker(['fails']), fn('fails', 'throw new Error(msg.payload)'));
    add('shop 1 is away', 'disk is full', 'shop 2 is away');
    await untilCount('dead', 3);
    await deploy(fromMessage);
    const { groups, isComplete } = await command({ command: 'groups' });
    const [shop, disk] = groups as { key: string; count: number }[];
    assert.deepEqual([shop?.key, shop?.count, disk?.count, isComplete], ['shop # is away', 2, 1, true]);
    const found = await command({ command: 'list', state: 'dead', group: disk?.key });
    assert.deepEqual([(found['jobs'] as unknown[]).length, found['lookedAt']], [1, 3]);
    const searched = await command({ command: 'list', state: 'dead', search: 'SHOP 1' });
    assert.equal((searched['jobs'] as unknown[]).length, 1);
    const retried = await command({ command: 'retry_all', group: shop?.key, perSecond: 100 });
    assert.equal(retried['changed'], 2);
    assert.equal((await command({ command: 'empty', state: 'dead', group: disk?.key }))['changed'], 1);
    assert.match(await mistake({ command: 'retry_all', group: 1 }), /group must be text/);
    assert.match(await mistake({ command: 'retry_all', perSecond: '5' }), /perSecond must be a number/);
    await untilCount('waiting', 2);
  });

  it('shows which node failed', async () => {
    await deploy(fromMessage, worker(['fails']), { ...fn('fails', 'throw new Error("no")'), name: 'pay' });
    add(1);
    await untilCount('dead', 1);
    const { job } = await command({ command: 'get', jobId: (await list('dead'))[0]?.id });
    const { failedNode, attemptsLog } = job as { failedNode: object; attemptsLog: object[] };
    assert.deepEqual(failedNode, { id: 'fails', type: 'function', name: 'pay' });
    assert.equal(attemptsLog.length, 1);
  });

  it('runs a delayed job now', async () => {
    await red.deploy([
      queueNode,
      enqueue([], { delay: '3600000' }),
      control(['done'], fromMessage),
      ...rest(),
    ]);
    add(1);
    await untilCount('delayed', 1);
    const [job] = await list('delayed');
    assert.equal((await command({ command: 'run_now', jobId: job?.id }))['changed'], 1);
    await untilCount('waiting', 1);
  });

  it('pauses and resumes the queue', async () => {
    const completed = probe('completed');
    await deploy(fromMessage, worker(['works', 'completed']), fn('works', 'return msg'), sink('completed'));
    const payload = await command({ command: 'pause', topic: 'kept' });
    assert.deepEqual(payload, { command: 'pause', queue: queueNode['queue_name'] });
    assert.equal(done.messages.at(-1)?.['topic'], 'kept');
    add(1);
    await untilCount('waiting', 1);
    assert.equal((await command({ command: 'counts' }))['isPaused'], true);
    await command({ command: 'resume' });
    await completed.got(1);
  });

  it('pauses and resumes the workers of this Node-RED; running jobs continue', async () => {
    const [works, completed] = [probe('works'), probe('completed')];
    await deploy(fromMessage, worker(['works', 'completed']), sink('works'), sink('completed'));
    await untilStatus(red, 'worker', 'ready');
    assert.deepEqual(await command({ command: 'pause_workers' }), {
      command: 'pause_workers',
      queue: queueNode['queue_name'],
      workers: 1,
    });
    await untilStatus(red, 'worker', /^paused/);
    add(1, 2);
    await untilCount('waiting', 2);
    assert.equal((await command({ command: 'counts' }))['isPaused'], false);
    assert.equal(works.messages.length, 0);
    assert.equal((await command({ command: 'resume_workers' }))['workers'], 1);
    await completed.got(2);
    assert.deepEqual(works.messages.map(({ payload }) => Number(payload)).toSorted(), [1, 2]);
  });

  it('keeps the workers paused at a deploy of a worker', async () => {
    const completed = probe('completed');
    const flow = (concurrency: string) => [
      queueNode,
      enqueue(),
      control(['done'], fromMessage),
      ...rest(),
      worker(['works', 'completed'], { concurrency }),
      sink('works'),
      sink('completed'),
    ];
    await red.deploy(flow('1'));
    await command({ command: 'pause_workers' });
    await red.deploy(flow('2'), 'nodes');
    await untilStatus(red, 'worker', 'paused');
    add(1);
    await untilCount('waiting', 1);
    assert.equal(completed.messages.length, 0);
    await command({ command: 'resume_workers' });
    await completed.got(1);
  });

  it('runs the command of the dialog, whatever the message says', async () => {
    await deploy({ command: 'empty', state: 'completed' });
    add(1);
    const payload = await command({ command: 'pause', state: 'waiting' });
    assert.deepEqual([payload['command'], payload['changed']], ['empty', 0]);
  });

  it('reports what is wrong to a Catch node', async () => {
    await deploy(fromMessage);
    assert.match(await mistake({ command: 'explode' }), /msg.command must be one of .*found explode/);
    assert.match(await mistake({}), /msg.command must be one of/);
    assert.match(await mistake({ command: 'retry' }), /ID of the job must be text/);
    assert.match(await mistake({ command: 'retry', jobId: 'none' }), /has no job none/);
    assert.match(await mistake({ command: 'list', state: 'odd' }), /state must be one of/);
    assert.match(await mistake({ command: 'list', state: 'dead', cursor: 1 }), /cursor must be text/);
    assert.match(await mistake({ command: 'empty', state: 'running' }), /state must be one of/);
  });
});

describe('fp-control without a store', () => {
  before(async () => {
    red = await sharedNodeRed();
    [done, caught] = [probe('done'), probe('caught')];
  });
  afterEach(() => red.deploy([]));

  it('reports an unreachable store instead of waiting', async () => {
    const nowhere = queue({ store: 'redis', redis_url: 'redis://127.0.0.1:1' });
    await red.deploy([nowhere, control(['done'], { command: 'pause' }), ...rest()]);
    assert.match(await mistake({}), /the store is unreachable: .*ECONNREFUSED/);
  });

  it('reports a queue that is switched off', async () => {
    const off = queue({ store: 'redis', redis_url: 'redis://127.0.0.1:1' }, { enabled: false });
    await red.deploy([off, control(['done'], { command: 'pause' }), ...rest()]);
    assert.match(await mistake({}), /the queue is switched off/);
  });
});
