import assert from 'node:assert/strict';
import { openStore } from '../../src/index.ts';
import { catcher, enqueue, job, n, pipeline, queue, sink, worker } from '../helpers/flow.ts';
import { sharedNodeRed, type FlowNode, type TestNodeRed } from '../helpers/node-red.ts';
import { sharedRedis } from '../helpers/redis.ts';
import { describeWith } from '../helpers/requires.ts';
import { probe } from '../helpers/test-nodes.ts';
import { unique } from '../helpers/unique.ts';
import { until } from '../helpers/until.ts';

type Msg = Record<string, unknown>;
const jobOf = (msg: Msg | undefined) =>
  Object(msg?.['job']) as { id: string; attempt: number; result?: unknown };
const errorOf = (msg: Msg | undefined) => Object(msg?.['error']) as Error;

describeWith(['redis'], 'fp-job', function () {
  let red: TestNodeRed;
  let redis: { store: 'redis'; redis_url: string };

  before(async () => {
    red = await sharedNodeRed();
    redis = { store: 'redis', redis_url: `redis://127.0.0.1:${sharedRedis().port}` };
  });
  afterEach(() => red.deploy([]));

  /** Behind fp-worker: an fp-job node and, after it, `nodes`. */
  const jobs = (properties: object, more: { queue?: object; after?: string[]; nodes?: FlowNode[] } = {}) => [
    queue(redis, more.queue),
    enqueue(),
    worker(['job', 'completed', 'dead']),
    job(more.after, properties),
    ...['completed', 'dead'].map((id) => sink(id)),
    ...(more.nodes ?? []),
  ];
  const add = (payload: unknown) => red.node('enqueue').receive({ payload });

  it('sets the result, which the completed job has; the message goes on', async () => {
    const [completed, after] = [probe('completed'), probe('after')];
    const properties = { action: 'result', value: 'payload.sum', value_type: 'msg' };
    await red.deploy(jobs(properties, { after: ['after'], nodes: [sink('after')] }));
    add({ sum: 3 });
    const [message] = await completed.got(1);
    assert.equal(jobOf(message).result, 3);
    assert.deepEqual(after.messages[0]?.['payload'], { sum: 3 });
  });

  it("reports progress, which the worker's status shows", async () => {
    const after = probe('after', { holds: true });
    const properties = { action: 'progress', value: '40', value_type: 'num' };
    await red.deploy(jobs(properties, { after: ['after'], nodes: [sink('after')] }));
    add(1);
    const [first] = await after.got(1);
    let reportedAt = performance.now();
    // Any other change hides the progress, also before the status, which changes once a second, has shown it.
    await until('the status shows the progress', () => {
      if (/1 running, 40 % job/.test(red.status('worker').text ?? '')) return true;
      if (performance.now() - reportedAt < 1500) return false;
      red.node('job').receive(first);
      reportedAt = performance.now();
      return false;
    });
    await until('nothing is under way', () => after.held.length > 0);
    for (const { done } of after.held) done();
  });

  it('adds a log line, which is stored with the job', async () => {
    const completed = probe('completed');
    const flow = jobs({ action: 'log', value: '"seen " & payload', value_type: 'jsonata' });
    await red.deploy(flow);
    add(7);
    const [message] = await completed.got(1);
    const store = openStore(redis);
    const stored = await store.queue(String(flow[0]?.['queue_name']));
    const { logs } = await stored.getJobLogs(jobOf(message).id);
    await store.close();
    assert.deepEqual(logs, ['seen 7']);
  });

  it('fails the job, which is tried again unless it says not to', async () => {
    for (const [again, attempts] of [
      [true, 3],
      [false, 1],
    ] as const) {
      const dead = probe('dead');
      await red.deploy(
        jobs(
          { action: 'fail', value: 'sensor is broken', value_type: 'str', again },
          { queue: { max_retries: '2' } },
        ),
      );
      add(1);
      const [letter] = await dead.got(1);
      assert.equal(errorOf(letter).message, 'sensor is broken');
      assert.equal(jobOf(letter).attempt, attempts);
    }
  });

  it('fails the job also while another node holds its message', async () => {
    const [dead, held] = [probe('dead'), probe('held', { holds: true })];
    await red.deploy([
      queue(redis),
      enqueue(),
      worker([['job', 'held'], 'completed', 'dead']),
      job([], { action: 'fail', value: 'stop', value_type: 'str' }),
      ...['held', 'completed', 'dead'].map((id) => sink(id)),
    ]);
    add(1);
    const [letter] = await dead.got(1);
    assert.equal(errorOf(letter).message, 'stop');
    held.held[0]?.done();
  });

  it('gives the job back for a while, with no attempt used up', async () => {
    const [seen, completed, after] = [probe('seen'), probe('completed'), probe('after')];
    const queue_name = unique('queue');
    const flow = (action: string) => [
      queue(redis, { queue_name }),
      enqueue(),
      worker(['seen', 'completed', 'dead']),
      sink('seen', ['job']),
      job(['after'], { action, value: 'done', value_type: 'str', delay: '0.1' }),
      ...['after', 'completed', 'dead'].map((id) => sink(id)),
    ];
    await red.deploy(flow('give_back'));
    add(1);
    await seen.got(3);
    assert.deepEqual(after.messages, [], 'nothing goes on');
    await red.deploy(flow('result'));
    const [message] = await completed.got(1);
    assert.equal(jobOf(message).attempt, 1);
  });

  it('knows the job of a message inside a subroutine', async () => {
    const completed = probe('completed');
    await red.deploy([
      queue(redis),
      enqueue(),
      worker(['pipeline', 'completed', 'dead']),
      pipeline([], { project: '', pipeline: 'sub' }),
      n('in', 'link in', ['job'], { name: 'sub', links: [] }),
      job(['answer'], { action: 'result', value: 'payload', value_type: 'msg' }),
      n('answer', 'link out', [], { mode: 'return', links: [] }),
      ...['completed', 'dead'].map((id) => sink(id)),
    ]);
    add('from inside');
    const [message] = await completed.got(1);
    assert.equal(jobOf(message).result, 'from inside');
  });

  it('a message of no job, and a value that cannot be used, are errors that say so', async () => {
    const [caught, dead] = [probe('caught'), probe('dead')];
    const nodes = [catcher(['caught']), sink('caught')];
    await red.deploy(jobs({ action: 'progress', value: 'payload' }, { nodes }));
    red.node('job').receive({ payload: 1 });
    const [message] = await caught.got(1);
    assert.match(errorOf(message).message, /belongs to no running job/);
    add('half');
    const [letter] = await dead.got(1);
    assert.match(errorOf(letter).message, /progress must be a number from 0 to 100 or an object/);
  });
});
