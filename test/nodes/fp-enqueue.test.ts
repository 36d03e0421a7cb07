import assert from 'node:assert/strict';
import { Queue } from 'bullmq';
import { catcher, enqueue, fn, queue, sink, worker } from '../helpers/flow.ts';
import { sharedNodeRed, untilStatus, type FlowNode, type TestNodeRed } from '../helpers/node-red.ts';
import { sharedRedis, startRedis } from '../helpers/redis.ts';
import { describeWith } from '../helpers/requires.ts';
import { probe, type Probe } from '../helpers/test-nodes.ts';
import { until } from '../helpers/until.ts';

interface Job {
  id: string;
  name: string;
  queue: string;
  deduplicated?: boolean;
}
const at = (port: number) => ({ store: 'redis' as const, redis_url: `redis://127.0.0.1:${port}` });
const jobOf = (msg: Record<string, unknown>) => msg['job'] as Job;

describeWith(['redis'], 'fp-enqueue', function () {
  let red: TestNodeRed;
  let stored: Probe;
  let caught: Probe;
  let name: string;

  before(async () => {
    red = await sharedNodeRed();
  });
  beforeEach(() => {
    stored = probe('stored');
    caught = probe('caught');
  });
  afterEach(() => red.deploy([]));

  async function start(properties: object = {}, ...more: FlowNode[]): Promise<void> {
    const config = queue(at(sharedRedis().port));
    name = String(config['queue_name']);
    const outputs = [sink('stored'), sink('caught'), catcher(['caught'])];
    await red.deploy([config, enqueue(['stored'], properties), ...outputs, ...more]);
  }
  const send = (msg: object) => red.node('enqueue').receive(msg as never);

  /** The job as it stands in the store. */
  async function jobInStore(id: string) {
    const store = new Queue(name, { connection: { port: sharedRedis().port } });
    const job = await store.getJob(id);
    await store.close();
    assert.ok(job);
    return job;
  }

  it('stores what a FlowerPower pipeline expects, and the rest under msg', async () => {
    await start();
    const executionTimestamp = new Date().toISOString();
    send({ payload: { a: 1 }, topic: 'a/b', qos: 1, pipeline: 'pipe', executionTimestamp, mine: 'kept' });
    const [msg] = await stored.got(1);
    const { id } = jobOf(msg);
    assert.deepEqual(msg['job'], { id, name: 'pipe', queue: name });
    assert.deepEqual((await jobInStore(id)).data, {
      mqtt_message: { a: 1 },
      mqtt_topic: 'a/b',
      mqtt_qos: 1,
      execution_timestamp: executionTimestamp,
      execution_mode: 'async',
      msg: { pipeline: 'pipe', mine: 'kept' },
    });
  });

  for (const { how, properties, msg } of [
    {
      how: 'fixed in the dialog',
      properties: { pipeline: 'named', pipeline_type: 'str', priority: '7', delay: '60000', attempts: '5' },
      msg: {},
    },
    {
      how: 'read from the message',
      properties: {
        pipeline: 'a.name',
        pipeline_type: 'msg',
        priority: 'a.priority',
        priority_type: 'msg',
        delay: 'a.delay',
        delay_type: 'msg',
        attempts: 'a.attempts',
        attempts_type: 'msg',
      },
      msg: { a: { name: 'named', priority: 7, delay: 60_000, attempts: 5 } },
    },
  ]) {
    it(`pipeline, priority, delay and attempts may be ${how}`, async () => {
      await start(properties);
      send(msg);
      const { opts, name: pipeline } = await jobInStore(jobOf((await stored.got(1))[0]).id);
      const { priority, delay, attempts } = opts;
      assert.deepEqual(
        { pipeline, priority, delay, attempts },
        { pipeline: 'named', priority: 7, delay: 60_000, attempts: 5 },
      );
    });
  }

  it('messages with the same deduplication make one job', async () => {
    await start({ deduplication: 'order', deduplication_type: 'msg' });
    for (const order of ['A', 'A', 'B']) send({ order });
    const jobs = (await stored.got(3)).map(jobOf);
    assert.equal(new Set(jobs.map(({ id }) => id)).size, 2);
    assert.equal(jobs.filter(({ deduplicated }) => deduplicated).length, 1);
  });

  for (const { title, properties = {}, code, words } of [
    {
      title: 'a priority that is no number',
      properties: { priority: 'priority', priority_type: 'msg' },
      code: 'msg.priority = "high"; return msg',
      words: /msg\.priority must be a number, found "high"/,
    },
    {
      title: 'a pipeline that is no text',
      code: 'msg.pipeline = {}; return msg',
      words: /msg\.pipeline must be text/,
    },
    {
      title: 'a function',
      code: 'msg.payload = { f() {} }; return [[msg]]',
      words: /msg\.payload\.f cannot be stored/,
    },
    {
      title: 'a circle',
      code: 'msg.a = {}; msg.a.b = msg.a; return msg',
      words: /msg\.a\.b cannot be stored/,
    },
    {
      title: 'the msg.req of an http in node',
      code: 'msg.req = new (class IncomingMessage {})(); return msg',
      words: /msg\.req cannot be stored/,
    },
  ]) {
    it(`${title} is an error that names the property, and no job`, async () => {
      await start(properties, fn('f', code, ['enqueue']));
      red.node('f').receive({ payload: 1 });
      const [msg] = await caught.got(1);
      assert.match((msg['error'] as Error).message, words);
      assert.deepEqual(stored.messages, []);
    });
  }

  it('bytes and dates reach the worker as what they were', async () => {
    const ran = probe('ran');
    await start({}, worker(['ran', [], []]), sink('ran'));
    const expected = {
      payload: Buffer.from([0, 255]),
      date: new Date(0),
      deep: [{ bytes: Buffer.from('x') }],
    };
    // Node-RED gives the message that it sends an id.
    send({ ...expected });
    const [msg] = await ran.got(1);
    const { payload, date, deep } = msg;
    assert.deepEqual({ payload, date, deep }, expected);
  });

  it('a message waits while the store is away, and goes on by itself', async () => {
    const server = await startRedis();
    const { port, directory } = server;
    let again: typeof server | undefined;
    try {
      await red.deploy([queue(at(port)), enqueue(['stored']), sink('stored')]);
      await untilStatus(red, 'enqueue', 'connected');
      await server.stop();
      send({ payload: 'waits' });
      await until(
        'a yellow ring',
        () => red.status('enqueue').fill === 'yellow' && red.status('enqueue').shape === 'ring',
      );
      assert.equal(stored.messages.length, 0);
      again = await startRedis({ port, directory });
      await stored.got(1);
      await untilStatus(red, 'enqueue', /\b1\/min/);
      const away = red.log.filter((line) => line.includes('is unreachable'));
      assert.equal(away.length, 1, away.join('\n'));
    } finally {
      await red.deploy([]);
      await again?.stop();
    }
  });
});
