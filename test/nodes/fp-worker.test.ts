import assert from 'node:assert/strict';
import { catcher, delay, enqueue, fn, n, queue, sink, worker } from '../helpers/flow.ts';
import { sharedNodeRed, untilStatus, type FlowNode, type TestNodeRed } from '../helpers/node-red.ts';
import { closingStore, describeStores } from '../helpers/stores.ts';
import { probe, type Probe } from '../helpers/test-nodes.ts';
import { unique } from '../helpers/unique.ts';
import { until } from '../helpers/until.ts';

interface Job {
  attempt: number;
  attempts: number;
  name: string;
}
const jobOf = (msg: Record<string, unknown>) => msg['job'] as Job;
const payloads = ({ messages }: Probe) => messages.map(({ payload }) => payload);

describeStores('fp-worker', function (address) {
  let red: TestNodeRed;
  let job: Probe;
  let completed: Probe;
  let dead: Probe;

  before(async function () {
    red = await sharedNodeRed();
  });
  beforeEach(() => {
    job = probe('job');
    completed = probe('completed');
    dead = probe('dead');
  });
  afterEach(async function () {
    for (const { done } of [...job.held, ...completed.held]) done();
    await red.deploy([]);
  });

  interface Start {
    first?: string;
    nodes?: FlowNode[];
    worker?: object;
    queue?: object;
  }
  const flow = async ({ first = 'job', nodes = [], worker: work = {}, queue: queued = {} }: Start = {}) => [
    queue(await address(), queued),
    enqueue([], { pipeline: 'pipe', pipeline_type: 'str' }),
    worker([first, 'completed', 'dead'], work),
    ...['job', 'completed', 'dead'].map((id) => sink(id)),
    ...nodes,
  ];
  async function start(options: Start = {}): Promise<void> {
    await red.deploy(await flow(options));
  }
  function add(...messages: unknown[]): void {
    for (const payload of messages) red.node('enqueue').receive({ payload, topic: 'a/b' });
  }

  it('runs as many jobs at once as its concurrency says, and no more', async () => {
    job.holds = true;
    await start({ worker: { concurrency: '2' } });
    add(1, 2, 3);
    await job.got(2);
    job.held.shift()?.done();
    await job.got(3);
    assert.equal(job.held.length, 2);
    assert.equal(completed.messages.length <= 1, true);
  });

  it('takes no more jobs in a time than its rate limit allows', async () => {
    await start({ worker: { concurrency: '10', limit_max: '2', limit_duration: '1' } });
    const began = Date.now();
    add(1, 2, 3, 4, 5);
    await completed.got(5);
    // Two at once, two after a second, one after another.
    assert.ok(Date.now() - began >= 1900, `${Date.now() - began} ms`);
  });

  it('tries a failing job again until its attempts are used up', async () => {
    await start({
      first: 'f',
      nodes: [fn('f', 'node.send(msg); throw new Error(`attempt ${msg.job.attempt}`)', ['job'])],
      queue: { max_retries: '2' },
    });
    add('x');
    const [letter] = await dead.got(1);
    assert.deepEqual(
      job.messages.map((msg) => jobOf(msg).attempt),
      [1, 2, 3],
    );
    const error = letter['error'] as { message: string; stack: string; name: string };
    assert.equal(error.message, 'attempt 3');
    assert.match(error.stack, /attempt 3/);
    assert.equal(letter['payload'], 'x');
    assert.equal(letter['topic'], 'a/b');
    assert.equal(jobOf(letter).name, 'pipe');
    assert.deepEqual(completed.messages, []);
  });

  it('waits longer before each attempt when the backoff is exponential', async () => {
    await start({
      first: 'f',
      nodes: [fn('f', 'msg.at = Date.now(); node.send(msg); throw new Error("no")', ['job'])],
      queue: { max_retries: '2', backoff: 'exponential', backoff_delay: '0.2' },
    });
    add('x');
    await dead.got(1);
    const [first = 0, second = 0, third = 0] = job.messages.map(({ at }) => Number(at));
    assert.ok(second - first >= 200);
    assert.ok(third - second >= 400);
  });

  it('a completed job leaves through output 2 with the message that was stored', async () => {
    await start({ first: 'f', nodes: [fn('f', 'msg.payload = "changed"; return msg', ['job'])] });
    add({ a: 1 });
    const [msg] = await completed.got(1);
    assert.deepEqual(msg['payload'], { a: 1 });
    assert.equal(jobOf(msg).attempt, 1);
    assert.deepEqual(dead.messages, []);
  });

  it('a job that runs past its time fails, and the error names the nodes that hold it', async () => {
    await start({
      first: 'slow',
      nodes: [delay('slow', [['job', 'never']], '1'), n('never', 'test-never-done')],
      // Long enough for a slow machine to hand the message to the node.
      worker: { timeout: '3' },
    });
    add('x');
    const [letter] = await dead.got(1);
    assert.match((letter['error'] as Error).message, /longer than 3 s; still held by never/);
  });

  for (const { errors, how, fails } of [
    { errors: 'all', how: 'fails its job', fails: true },
    { errors: 'unhandled', how: 'is left to the Catch node', fails: false },
  ]) {
    it(`with errors "${errors}" an error that a Catch node handles ${how}`, async () => {
      const nodes = [fn('f', 'throw new Error("handled")'), catcher(['job'], { scope: ['f'] })];
      await start({ first: 'f', nodes, worker: { errors } });
      add('x');
      await (fails ? dead : completed).got(1);
      assert.deepEqual(payloads(job), ['x']);
    });
  }

  it('a pipeline that hangs, throws or never completes touches no other job', async () => {
    const code = 'if (msg.payload === "throw") throw new Error("thrown"); return msg;';
    await start({
      first: 'route',
      nodes: [
        fn('route', 'return msg.payload === "hang" ? [msg, null] : [null, msg]', ['never', 'f']),
        n('never', 'test-never-done'),
        fn('f', code, ['job']),
      ],
      // Long enough for a slow machine to run the others.
      worker: { timeout: '5', concurrency: '4' },
    });
    add('hang', 1, 'throw', 2, 3);
    await Promise.all([completed.got(3), dead.got(2)]);
    assert.deepEqual(new Set(payloads(completed)), new Set([1, 2, 3]));
    assert.deepEqual(new Set(payloads(dead)), new Set(['hang', 'throw']));
  });

  it('two workers of one queue share its jobs, each job runs once', async () => {
    const [one, two] = [probe('one', { holds: true }), probe('two', { holds: true })];
    const second = { ...worker(['slow2', 'completed', 'dead'], { concurrency: '1' }), id: 'second' };
    await start({
      first: 'slow1',
      nodes: [second, delay('slow1', ['one']), delay('slow2', ['two']), sink('one'), sink('two')],
      worker: { concurrency: '1' },
    });
    const numbers = Array.from({ length: 20 }, (_value, i) => i);
    add(...numbers);
    // Each keeps its first job until the other one has got one, too.
    await Promise.all([one.got(1), two.got(1)]);
    for (const held of [one, two]) {
      held.holds = false;
      for (const { done } of held.held) done();
    }
    await completed.got(20);
    const ran = [...payloads(one), ...payloads(two)].map(Number);
    assert.deepEqual(
      ran.toSorted((a, b) => a - b),
      numbers,
    );
  });

  it('a redeploy waits for a running job', async () => {
    job.holds = true;
    await start();
    add('x');
    await job.got(1);
    const redeployed = red.deploy(await flow({ worker: { concurrency: '3' } }));
    setTimeout(() => job.held[0]?.done(), 300);
    await redeployed;
    assert.equal(job.messages.length, 1);
  });

  for (const type of ['full', 'nodes'] as const) {
    it(`a job that a delay node keeps when that is deployed again (${type}) is completed after it has run`, async () => {
      const queued = { queue_name: unique('kept'), ...closingStore(await address()) };
      const slow = (timeout: string) =>
        flow({ first: 'slow', nodes: [delay('slow', ['job'], timeout)], queue: queued });
      await red.deploy(await slow('60000'));
      add('x');
      await untilStatus(red, 'worker', /1 running/);
      await red.deploy(await slow('30'), type);
      await completed.got(1);
      assert.deepEqual(payloads(job), ['x']);
      assert.equal(jobOf(job.messages[0] ?? {}).attempt, 1);
    });
  }

  it('a job that outlasts a redeploy is given back and runs again with no attempt used up', async function () {
    const queued = { queue_name: unique('given_back'), ...closingStore(await address()) };
    job.holds = true;
    await start({ queue: queued });
    add('x');
    await job.got(1);
    const again = probe('job');
    await red.deploy(await flow({ queue: queued, worker: { concurrency: '3' } }));
    const [msg] = await again.got(1);
    assert.deepEqual([jobOf(msg).attempt, jobOf(msg).attempts], [1, 1]);
    await completed.got(1);
    await until('the worker is idle', () => dead.messages.length === 0);
  });
});
