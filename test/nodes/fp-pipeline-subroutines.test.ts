import assert from 'node:assert/strict';
import { catcher, enqueue, fn, n, pipeline, project, queue, sink, worker } from '../helpers/flow.ts';
import { sharedNodeRed, type FlowNode, type TestNodeRed } from '../helpers/node-red.ts';
import { projectWith } from '../helpers/project.ts';
import { sharedRedis } from '../helpers/redis.ts';
import { describeWith } from '../helpers/requires.ts';
import { probe } from '../helpers/test-nodes.ts';
import { until } from '../helpers/until.ts';

const linkIn = (id: string, name: string, wires: string[]) => n(id, 'link in', wires, { name, links: [] });
const answer = (id = 'answer') => n(id, 'link out', [], { mode: 'return', links: [] });
const errorOf = (msg: Record<string, unknown> | undefined) => Object(msg?.['error']) as Error;
const jobOf = (msg: Record<string, unknown> | undefined) => Object(msg?.['job']) as { attempt: number };

describeWith(['redis'], 'fp-pipeline with link in nodes', function () {
  let red: TestNodeRed;
  let redis: { store: 'redis'; redis_url: string };

  before(async () => {
    red = await sharedNodeRed();
    redis = { store: 'redis', redis_url: `redis://127.0.0.1:${sharedRedis().port}` };
  });
  afterEach(() => red.deploy([]));

  /** From fp-enqueue to a job's end through the subroutine `pipe` that `nodes` make. */
  const jobs = (nodes: FlowNode[], more: { queue?: object; worker?: object } = {}): FlowNode[] => [
    queue(redis, more.queue),
    enqueue([], { pipeline: 'pipe', pipeline_type: 'str' }),
    worker(['pipeline', 'completed', 'dead'], more.worker),
    pipeline(['result'], { project: '' }),
    ...['result', 'completed', 'dead'].map((id) => sink(id)),
    ...nodes,
  ];
  const add = (payload: unknown) => red.node('enqueue').receive({ payload });

  it('calls the one that a job names; its answer goes on and completes the job', async () => {
    const [result, completed] = [probe('result'), probe('completed')];
    await red.deploy(
      jobs([
        linkIn('in', 'pipe', ['twice']),
        fn('twice', 'msg.payload *= 2; return msg;', ['answer']),
        answer(),
      ]),
    );
    add(21);
    const [message] = await result.got(1);
    assert.equal(message['payload'], 42);
    assert.equal((message['pipelineRun'] as { kind: string }).kind, 'node-red');
    assert.equal(jobOf(message).attempt, 1);
    assert.ok(!('_linkSource' in message), 'nothing of the call is left in the message');
    await completed.got(1);
  });

  it('an error in there fails the job at once, in its own words, and is tried again', async () => {
    const dead = probe('dead');
    const nodes = [
      linkIn('in', 'pipe', ['breaks']),
      fn('breaks', "throw new RangeError('too warm');", ['answer']),
      answer(),
    ];
    await red.deploy(jobs(nodes, { queue: { max_retries: '1' }, worker: { timeout: '3600' } }));
    add({});
    const [letter] = await dead.got(1);
    assert.equal(errorOf(letter).message, 'too warm');
    assert.equal(jobOf(letter).attempt, 2);
  });

  it('an error that a Catch node turns into an answer fails no job, if the worker leaves it to Catch nodes', async () => {
    const [result, completed] = [probe('result'), probe('completed')];
    const nodes = [
      linkIn('in', 'pipe', ['breaks']),
      fn('breaks', "throw new RangeError('too warm');", ['answer']),
      catcher(['mended'], { scope: ['breaks'] }),
      fn('mended', "msg.payload = 'mended'; return msg;", ['answer']),
      answer(),
    ];
    await red.deploy(jobs(nodes, { worker: { errors: 'unhandled' } }));
    add({});
    const [message] = await result.got(1);
    assert.equal(message['payload'], 'mended');
    await completed.got(1);
  });

  it('that ends without an answer is a dead letter, which says what to wire', async () => {
    const dead = probe('dead');
    await red.deploy(jobs([linkIn('in', 'pipe', [])]));
    add({});
    const [letter] = await dead.got(1);
    assert.match(errorOf(letter).message, /pipe ended without an answer: .*link out/);
  });

  it("a job's time-out names the node in there that holds it; a later answer is dropped", async () => {
    const [dead, result, inside] = [probe('dead'), probe('result'), probe('inside', { holds: true })];
    const nodes = [linkIn('in', 'pipe', ['inside']), sink('inside', ['answer']), answer()];
    // Long enough for a slow machine to hand the message to the node in there.
    await red.deploy(jobs(nodes, { worker: { timeout: '3' } }));
    add({});
    const [letter] = await dead.got(1);
    assert.match(errorOf(letter).message, /still held by pipeline \(fp-pipeline\), inside \(test-probe\)/);
    const [held] = inside.held;
    red.node('answer').receive(held?.msg);
    held?.done();
    inside.holds = false;
    // Of no job, so that no time-out can end it.
    red.node('pipeline').receive({ pipeline: 'pipe', payload: 'next' });
    const [next] = await result.got(1);
    assert.equal(next['payload'], 'next');
    assert.equal(result.messages.length, 1);
  });

  it('each answer goes on, and the job is completed after the last', async () => {
    const [result, completed] = [probe('result'), probe('completed')];
    const nodes = [linkIn('in', 'pipe', ['split']), n('split', 'split', ['answer']), answer()];
    await red.deploy(jobs(nodes));
    add([1, 2, 3]);
    await completed.got(1);
    assert.deepEqual(
      result.messages.map(({ payload }) => payload),
      [1, 2, 3],
    );
  });

  it('one may call another, and be called by a link call node', async () => {
    const result = probe('result');
    await red.deploy([
      n('call', 'link call', ['result'], { linkType: 'static', links: ['outer'], timeout: '30' }),
      linkIn('outer', 'outer', ['pipeline']),
      pipeline(['answer'], { project: '', pipeline: 'inner' }),
      answer(),
      linkIn('inner', 'inner', ['twice']),
      fn('twice', 'msg.payload *= 2; return msg;', ['inner answer']),
      answer('inner answer'),
      sink('result'),
    ]);
    red.node('call').receive({ payload: 4 });
    const [message] = await result.got(1);
    assert.equal(message['payload'], 8);
  });

  it('a name that two have, or a file has, too, is an error that says which; so is an unknown one', async () => {
    const caught = probe('caught');
    await red.deploy([
      project(projectWith({ 'both.mjs': 'export default () => 1;' })),
      pipeline([], { pipeline: '' }),
      pipeline([], { id: 'no project', project: '', pipeline: 'nobody' }),
      linkIn('one', 'double', []),
      linkIn('other', 'double', []),
      linkIn('third', 'both', []),
      catcher(['caught']),
      sink('caught'),
    ]);
    const words = async (send: () => void) => {
      const before = caught.messages.length;
      send();
      await until('it is caught', () => caught.messages.length > before);
      return errorOf(caught.messages.at(-1)).message;
    };
    const named = (name: string) => words(() => red.node('pipeline').receive({ pipeline: name, payload: 1 }));
    assert.match(await named('double'), /ambiguous: 2 link in nodes have that name; rename/);
    assert.match(await named('both'), /ambiguous: there are .*both\.mjs and a link in node/);
    assert.match(await named('nobody'), /no pipeline nobody in .*there are both; link in nodes are double/);
    assert.match(
      await words(() => red.node('no project').receive({ payload: 1 })),
      /no link in node is named nobody, and no project is chosen/,
    );
  });

  it('a name that is missing turns the node red until a deploy brings it, or starts the node anew', async () => {
    const flow = (wanted: string) => [
      pipeline([], { project: '', pipeline: wanted }),
      linkIn('one', 'other', []),
    ];
    await red.deploy(flow('late'));
    red.node('pipeline').receive({ payload: 1 });
    await until('it is red', () => red.status('pipeline').fill === 'red');
    await red.deploy([...flow('late'), linkIn('two', 'late', [])], 'nodes');
    await until('it is red no more', () => red.status('pipeline').fill === undefined);

    await red.deploy(flow('nobody'));
    red.node('pipeline').receive({ payload: 1 });
    await until('it is red', () => red.status('pipeline').fill === 'red');
    await red.deploy(flow('other'), 'nodes');
    await until('it is red no more', () => red.status('pipeline').fill === undefined);
  });
});
