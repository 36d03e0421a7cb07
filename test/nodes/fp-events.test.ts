import assert from 'node:assert/strict';
import { machineName } from '../../src/index.ts';
import { control, enqueue, events, fn, job, queue, sink, worker } from '../helpers/flow.ts';
import { sharedNodeRed, untilStatus, type FlowNode, type TestNodeRed } from '../helpers/node-red.ts';
import { startRedis } from '../helpers/redis.ts';
import { describeWith } from '../helpers/requires.ts';
import { freePort, temporaryDirectory } from '../helpers/servers.ts';
import { describeStores } from '../helpers/stores.ts';
import { probe, type Probe } from '../helpers/test-nodes.ts';
import { unique } from '../helpers/unique.ts';
import { until } from '../helpers/until.ts';

type Told = Record<string, unknown>;

let red: TestNodeRed;
let told: Probe;

const add = (...messages: Told[]) => {
  for (const msg of messages) red.node('enqueue').receive(msg);
};
const heard = (event: string) => told.messages.filter((msg) => msg['event'] === event);
const untilHeard = (event: string) => until(`${event} is told`, () => heard(event)[0]);
const alarms = () => heard('alarm').map(({ payload }) => payload as Told);
const untilAlarm = (condition: string, active: boolean) =>
  until(`${condition} is ${active}`, () =>
    alarms().find((alarm) => alarm['condition'] === condition && alarm['active'] === active),
  );
/**
 * Adds messages now and then until the condition is true: events are heard some time after the deploy. More jobs than a slow
 * machine runs would delay what is waited for.
 */
const addUntil = (state: string, condition: () => boolean, ...messages: Told[]) => {
  let addedAt = -Infinity;
  return until(state, () => {
    if (condition()) return true;
    if (performance.now() - addedAt < 100) return false;
    add(...messages);
    addedAt = performance.now();
    return false;
  });
};
const untilListening = () =>
  addUntil('events are heard', () => told.messages.length > 0, { payload: 'first', pipeline: 'first' });
/** Like `addUntil`; adds more when those before have ended. */
const runUntil = (state: string, condition: () => boolean, ...messages: Told[]) => {
  const ended = () => heard('completed').length + heard('dead').length;
  let expected = ended();
  return until(state, () => {
    if (condition()) return true;
    if (ended() < expected) return false;
    expected = ended() + messages.length;
    add(...messages);
    return false;
  });
};

describeStores('fp-events', (address) => {
  let queueNode: FlowNode;
  const works = [
    worker(['works', 'ended']),
    fn('works', 'if (msg.payload === "bad") throw new Error("no luck"); return msg;'),
    sink('ended'),
  ];

  before(async () => {
    red = await sharedNodeRed();
  });
  beforeEach(async () => {
    queueNode = queue(await address());
    told = probe('told');
  });
  afterEach(() => red.deploy([]));

  const deploy = (properties: object, ...nodes: FlowNode[]) =>
    red.deploy([queueNode, enqueue(), events(['told'], properties), sink('told'), ...nodes]);

  it('tells of completed jobs and dead letters, with pipeline, job, machine and error', async () => {
    await deploy({}, ...works);
    await untilListening();
    add({ payload: 'good', pipeline: 'clean' }, { payload: 'bad', pipeline: 'clean' });
    const dead = await untilHeard('dead');
    const good = await until('it is completed', () =>
      heard('completed').find(({ pipeline }) => pipeline === 'clean'),
    );
    const { jobId, job: about, machine, time, queue: of } = good;
    const { queue_name } = queueNode;
    assert.deepEqual(about, { id: jobId, name: 'clean', queue: queue_name, attempt: 1, attempts: 1 });
    assert.deepEqual([machine, of], [machineName(), queue_name]);
    assert.ok(Math.abs(Date.parse(String(time)) - Date.now()) < 60_000);
    assert.equal(dead['payload'], 'no luck');
    assert.match((dead['error'] as { stack: string }).stack, /no luck/);
    await untilStatus(red, 'events', /^\d+ events$/);
  });

  it('tells two nodes of the same end, each with a result of its own', async () => {
    const other = { ...events(['change']), id: 'all' };
    const change = fn('change', 'msg.payload.n = "changed"; return msg;', ['others']);
    const answers = [worker(['job']), job([], { action: 'result' })];
    await deploy({}, other, change, sink('others'), ...answers);
    const others = probe('others');
    await addUntil('both hear', () => told.messages.length > 0 && others.messages.length > 0, {
      payload: { n: 1 },
    });
    assert.deepEqual(
      [told.messages[0]?.['payload'], others.messages[0]?.['payload']],
      [{ n: 1 }, { n: 'changed' }],
    );
  });

  it('tells only of the wanted kinds and the pipeline', async () => {
    const wanted = { completed: false, dead: false, added: true, pipeline: 'clean' };
    const all = events(['others'], { added: true });
    await deploy(wanted, { ...all, id: 'all' }, sink('others'), ...works);
    const others = probe('others');
    await addUntil('events are heard', () => others.messages.length > 0, { payload: 1, pipeline: 'other' });
    add({ payload: 2, pipeline: 'clean' });
    await untilHeard('added');
    assert.deepEqual(
      told.messages.map(({ event, pipeline }) => [event, pipeline]),
      [['added', 'clean']],
    );
  });

  it('alarms once when too many jobs wait too long, and once when they no longer do', async () => {
    await deploy({ backlog: '2', oldest: '1', interval: '1' });
    add({ payload: 1 }, { payload: 2 }, { payload: 3 });
    const { value, limit } = await untilAlarm('backlog', true);
    assert.deepEqual([value, limit], [3, 2]);
    await untilAlarm('oldest', true);
    await untilStatus(red, 'events', /^alarm: backlog, oldest$/);
    await red.deploy(
      [
        queueNode,
        enqueue(),
        events(['told'], { backlog: '2', oldest: '1', interval: '1' }),
        sink('told'),
      ].concat(works),
      'nodes',
    );
    await untilAlarm('backlog', false);
    await untilAlarm('oldest', false);
    assert.equal(alarms().length, 4);
  });

  it('alarms once when no worker runs, and once when one runs again', async () => {
    const properties = { no_worker: true, interval: '1' };
    await deploy(properties);
    assert.deepEqual(await untilAlarm('no_worker', true), {
      condition: 'no_worker',
      active: true,
      value: 0,
      limit: 1,
    });
    await red.deploy([queueNode, enqueue(), events(['told'], properties), sink('told'), ...works], 'nodes');
    await untilAlarm('no_worker', false);
    assert.equal(alarms().length, 2);
  });

  it('alarms when many jobs become dead letters', async () => {
    await deploy({ completed: true, failure_rate: '50', interval: '1' }, ...works);
    // Also on a slow machine, where many good jobs have ended before the first was heard.
    await untilListening();
    await runUntil('more than half fail', () => alarms().length > 0, { payload: 'bad' });
    const { value, limit } = await untilAlarm('failure_rate', true);
    assert.ok(Number(value) > 50);
    assert.equal(limit, 50);
    const good = { payload: 'good' };
    await runUntil('less than half fail', () => alarms().length > 1, good, good, good, good, good);
    await untilAlarm('failure_rate', false);
    assert.equal(alarms().length, 2);
  });

  /** Runs jobs while the node listens to another queue, and one when it listens again. */
  const whileAway = async (catch_up: boolean, isRemoved = false) => {
    const other = { ...queue(await address()), id: 'other' };
    const listening = (to: string) => events(['told'], { catch_up, queue: to });
    const rest = [queueNode, other, enqueue(), sink('told'), ...works];
    await red.deploy([...rest, listening('queue')]);
    await untilListening();
    await red.deploy(isRemoved ? rest : [...rest, listening('other')], 'nodes');
    const pipeline = unique('away');
    const ended = probe('ended');
    add({ payload: 1, pipeline }, { payload: 2, pipeline });
    // The store has their ends before: then the worker of this process has yet to tell them, to whoever listens by then.
    await until(
      'the worker knows that they have ended',
      () => ended.messages.filter((msg) => msg['pipeline'] === pipeline).length === 2,
    );
    told = probe('told');
    await red.deploy([...rest, listening('queue')], 'nodes');
    await untilListening();
    return () => told.messages.filter((msg) => msg['pipeline'] === pipeline);
  };

  it('tells after a restart what ended meanwhile, if it should catch up', async () => {
    const ofThese = await whileAway(true);
    // On a slow machine many others have ended, too, and are told in parts.
    await until('both are told', () => ofThese().length >= 2);
    assert.equal(ofThese().length, 2);
  });

  it('tells nothing of what ended meanwhile if it should not catch up, or was deleted', async () => {
    assert.deepEqual((await whileAway(false))(), []);
    assert.deepEqual((await whileAway(true, true))(), []);
  });

  it('says that its queue is switched off', async () => {
    queueNode['enabled'] = false;
    await deploy({});
    await untilStatus(red, 'events', 'the queue is switched off');
  });
});

describeWith(['redis'], 'fp-events', function () {
  it('alarms once when the store goes away, and once when it is back', async () => {
    red = await sharedNodeRed();
    told = probe('told');
    const place = { port: await freePort(), directory: temporaryDirectory('redis') };
    let server = await startRedis(place);
    try {
      const address = { store: 'redis', redis_url: `redis://127.0.0.1:${place.port}` } as const;
      await red.deploy([queue(address), events(['told'], { away: true }), control([]), sink('told')]);
      await untilStatus(red, 'events', '0 events');
      await server.stop();
      const { value } = await untilAlarm('away', true);
      assert.match(String(value), /closed|ECONNREFUSED|ECONNRESET/);
      server = await startRedis(place);
      await untilAlarm('away', false);
      assert.equal(alarms().length, 2);
    } finally {
      await red.deploy([]);
      await server.stop();
    }
  });

  it('refuses to catch up on RQ', async () => {
    red = await sharedNodeRed();
    const address = { store: 'rq', redis_url: 'redis://127.0.0.1:1' } as const;
    await red.deploy([queue(address), events([], { catch_up: true })]);
    await untilStatus(red, 'events', /RQ keeps no position/);
    await red.deploy([]);
  });

  it('refuses to tell machines of RQ apart', async () => {
    red = await sharedNodeRed();
    const address = { store: 'rq', redis_url: 'redis://127.0.0.1:1' } as const;
    await red.deploy([queue(address), events([], { machine: 'own' })]);
    await untilStatus(red, 'events', /RQ does not tell/);
    await red.deploy([]);
  });
});
