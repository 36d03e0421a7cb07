import assert from 'node:assert/strict';
import type { GroupsView, HistoryView } from '../../../nodes/fp-jobs/answers.ts';
import type { QueueConfig } from '../../../nodes/fp-queue-config/fp-queue-config.ts';
import { describeStores } from '../../helpers/stores.ts';
import { jobsEndpoints, loggedActions, type Answer, type Row } from '../../helpers/jobs-endpoints.ts';
import { fn, queue, enqueue, sink, worker } from '../../helpers/flow.ts';
import { sharedNodeRed, type FlowNode, type TestNodeRed } from '../../helpers/node-red.ts';
import { probe } from '../../helpers/test-nodes.ts';
import { until } from '../../helpers/until.ts';

let red: TestNodeRed;

const { ask, get, act, refusal, rows, look, numbers } = jobsEndpoints(() => red);
/** Asks the store, because samples are up to some seconds old. */
const counts = async (): Promise<Record<string, number>> => {
  const { shared } = red.RED.nodes.getNode('queue') as unknown as { shared: QueueConfig };
  return (await shared.look((inspector) => inspector.state())).counts;
};
const add = (...payloads: unknown[]) => {
  for (const payload of payloads) red.node('enqueue').receive({ payload, topic: 'a/b', pipeline: 'pipe' });
};
const untilCount = (state: string, count: number) =>
  until(`${count} are ${state}`, async () => (await counts())[state] === count);

describeStores('the endpoints of the Jobs sidebar', (address) => {
  let queueNode: FlowNode;

  before(async () => {
    red = await sharedNodeRed();
  });
  beforeEach(async () => {
    queueNode = queue(await address());
  });
  afterEach(() => red.deploy([]));

  const failing = [fn('fails', 'throw new Error("shop does not answer")')];
  const deploy = (...nodes: FlowNode[]) => red.deploy([queueNode, enqueue(), ...nodes]);

  it('list the deployed queues that are switched on', async () => {
    const off = queue(await address(), { id: 'off', enabled: false });
    await deploy({ ...off, id: 'off' });
    const { store, queue_name } = queueNode;
    const label = `${String(queue_name)} (${String(store)})`;
    const { answer } = await ask('/look', { queues: ['off', 'enqueue', 'none'] });
    assert.deepEqual(answer, {
      queues: [
        {
          id: 'queue',
          label,
          queueName: queue_name,
          store,
          isReadOnly: false,
          refusals: { cancel: 'only RQ keeps canceled jobs: remove the job instead' },
        },
      ],
      views: {},
    });
    assert.match(await refusal('/off/list'), /not deployed, not configured correctly, or switched off/);
    assert.match(await refusal('/enqueue/list'), /not deployed/);
  });

  it('show the counts and that no worker runs', async () => {
    await deploy();
    add(1, 2);
    await untilCount('waiting', 2);
    const { workers, numbers: found } = await look();
    assert.deepEqual(workers, []);
    const { isPaused, oldestWaiting, workers: count } = found as Answer;
    assert.deepEqual([isPaused, count], [false, 0]);
    assert.equal(typeof oldestWaiting, 'number');
  });

  it('push numbers only, because every user of the editor hears them', async () => {
    await deploy(worker(['fails']), ...failing);
    add('a secret payload');
    await untilCount('dead', 1);
    const heard: { topic: string; data: unknown }[] = [];
    const listener = (event: (typeof heard)[number]) => heard.push(event);
    red.RED.events.on('comms', listener);
    await look();
    await until('a sample is pushed', () => heard.some(({ topic }) => topic === 'fp-jobs/queue'));
    red.RED.events.off('comms', listener);
    const leaves = (value: unknown): unknown[] =>
      typeof value === 'object' && value !== null ? Object.values(value).flatMap(leaves) : [value];
    const sent: unknown = JSON.parse(JSON.stringify(heard.map(({ data }) => data)));
    const kinds = new Set(leaves(sent).map((leaf) => typeof leaf));
    assert.deepEqual([...kinds].toSorted(), ['boolean', 'number']);
  });

  it('list dead letters, show one as the debug sidebar does, and retry it', async () => {
    await deploy(worker(['fails', 'completed']), ...failing, sink('completed'));
    add({ bytes: Buffer.from('ab'), text: '<b>bold</b>' });
    await untilCount('dead', 1);
    const [row] = await rows('dead');
    assert.deepEqual([row?.name, row?.topic], ['pipe', 'a/b']);
    assert.match(row?.error ?? '', /shop does not answer/);
    const shown = await get(`/queue/job?id=${row?.id}`);
    assert.match(String((shown['stacks'] as string[])[0]), /shop does not answer/);
    const { msg, format } = shown['msg'] as { msg: string; format: string };
    assert.equal(format, 'Object');
    const { bytes, text } = JSON.parse(msg).payload;
    assert.deepEqual([bytes.type, bytes.data, text], ['Buffer', [97, 98], '<b>bold</b>']);
    const completed = probe('completed');
    await deploy(worker(['works', 'completed']), fn('works', 'return msg'), sink('completed'));
    assert.deepEqual(await act('retry', { id: row?.id }), { changed: 1 });
    await completed.got(1);
    const [done] = await rows('completed');
    assert.equal((await get(`/queue/job?id=${done?.id}`))['result'], undefined, 'a flow without a result');
    assert.match(await refusal('/queue/retry', { id: row?.id }), /only a dead letter can be retried/);
  });

  it('retry all dead letters', async () => {
    await deploy(worker(['fails']), ...failing);
    add(1, 2, 3);
    await untilCount('dead', 3);
    await deploy();
    assert.deepEqual(await act('retry_all'), { changed: 3 });
    await untilCount('waiting', 3);
  });

  it('group dead letters by error, and retry or remove a group', async () => {
    const throws = fn('fails', 'throw new Error(msg.payload ? "shop does not answer" : "no price")');
    await deploy(worker(['fails']), throws);
    add(1, 2, 3, 0, 0);
    await untilCount('dead', 5);
    await deploy();
    const { groups, isComplete } = (await get('/queue/groups')) as unknown as GroupsView;
    assert.deepEqual(
      groups.map(({ error, count }) => [error, count]),
      [
        ['shop does not answer', 3],
        ['no price', 2],
      ],
    );
    assert.equal(isComplete, true);
    const [shop, price] = groups.map(({ key }) => key);
    const listed = await get(`/queue/list?state=dead&group=${encodeURIComponent(price ?? '')}`);
    assert.equal((listed['rows'] as Row[]).length, 2);
    const found = await get('/queue/list?state=dead&search=SHOP');
    assert.deepEqual([(found['rows'] as Row[]).length, found['lookedAt']], [3, 5]);
    assert.deepEqual(await act('retry_all', { group: shop, perSecond: 1000 }), { changed: 3 });
    await untilCount('waiting', 3);
    assert.deepEqual(await act('empty', { state: 'dead', group: price }), { changed: 2 });
    assert.match(await refusal('/queue/retry_all', { perSecond: 0 }), /perSecond must be/);
  });

  it('retry a dead letter with another payload', async () => {
    const completed = probe('completed');
    const throws = fn('fails', 'if (!msg.payload.isFixed) throw new Error("no"); return msg', ['completed']);
    await deploy(worker(['fails']), throws, sink('completed'));
    add({ bytes: Buffer.from('ab') });
    await untilCount('dead', 1);
    const [row] = await rows('dead');
    const { msg } = (await get(`/queue/message?id=${row?.id}`)) as { msg: { payload: object } };
    assert.deepEqual(msg.payload, { bytes: { $buffer: 'YWI=' } });
    const payload = JSON.stringify({ ...msg.payload, isFixed: true });
    assert.match(await refusal('/queue/retry_edited', { id: row?.id, payload: '{' }), /must be JSON/);
    assert.deepEqual(await act('retry_edited', { id: row?.id, payload }), { changed: 1 });
    const [{ payload: edited }] = await completed.got(1);
    assert.deepEqual(edited, { bytes: Buffer.from('ab'), isFixed: true });
  });

  it('has a point for each step of the charts', async () => {
    await deploy();
    for (const [range, points] of [
      ['hour', 60],
      ['day', 144],
      ['week', 168],
    ] as const) {
      const history = (await get(`/queue/history?range=${range}`)) as unknown as HistoryView;
      assert.equal(history.points.length, points);
    }
    assert.match(await refusal('/queue/history?range=year'), /range must be one of hour, day, week/);
  });

  it('keep the deploys in the history of a queue that nodes use', async () => {
    const begin = Date.now();
    await deploy();
    await untilCount('waiting', 0);
    // Closing the queue writes its counts; those of a later deploy are not written yet.
    await deploy();
    const { deploys } = (await get('/queue/history?range=hour')) as unknown as HistoryView;
    assert.ok(deploys.length > 0 && deploys.every((time) => time > begin - 60_000), String(deploys));
  });

  it('pause and resume the queue for its workers', async () => {
    const completed = probe('completed');
    await deploy(worker(['works', 'completed']), fn('works', 'return msg'), sink('completed'));
    assert.deepEqual(await act('pause'), {});
    add(1);
    await untilCount('waiting', 1);
    assert.equal((await numbers()).isPaused, true);
    await act('resume');
    await completed.got(1);
  });

  it('run a delayed job now, and remove one', async () => {
    await red.deploy([queueNode, enqueue([], { delay: '3600000' })]);
    add(1, 2);
    await untilCount('delayed', 2);
    const [one, other] = await rows('delayed');
    await act('run_now', { id: one?.id });
    await act('remove', { id: other?.id });
    await untilCount('delayed', 0);
    await untilCount('waiting', 1);
  });

  it('empty a state, page by page', async () => {
    await deploy();
    add(...Array.from({ length: 60 }, (_, i) => i));
    await untilCount('waiting', 60);
    const first = await get('/queue/list?state=waiting');
    const second = await get(`/queue/list?state=waiting&cursor=${String(first['next'])}`);
    assert.deepEqual([(first['rows'] as Row[]).length, (second['rows'] as Row[]).length], [50, 10]);
    assert.equal(second['next'], undefined);
    const [oldest] = (await get('/queue/list?state=waiting&order=oldest'))['rows'] as Row[];
    assert.equal(oldest?.id, (second['rows'] as Row[]).at(-1)?.id);
    assert.deepEqual(await act('empty', { state: 'waiting' }), { changed: 60 });
    assert.deepEqual(await rows('waiting'), []);
  });

  it('refuse invalid input with the reason', async () => {
    await deploy();
    assert.match(await refusal('/queue/list?state=odd'), /state must be one of/);
    assert.match(await refusal('/queue/list?state=dead&cursor=odd'), /cursor must be/);
    assert.match(await refusal(`/queue/list?state=dead&cursor=${'x'.repeat(5000)}`), /cursor must be text/);
    assert.match(await refusal('/queue/list?state=dead&cursor[a]=1'), /cursor must be text/);
    assert.match(await refusal('/queue/list?state=dead&order=odd'), /order must be/);
    assert.match(await refusal('/queue/job?id=none'), /has no job none/);
    assert.match(await refusal('/queue/job'), /ID of the job must be text/);
    assert.match(await refusal('/queue/retry', { id: {} }), /ID of the job must be text/);
    assert.match(await refusal('/queue/empty', { state: 'running' }), /state must be one of/);
    assert.match(await refusal('/queue/constructor', {}), /action must be one of/);
  });

  it('log each action with its outcome', async () => {
    await deploy();
    const { lines: logged, end } = loggedActions(red);
    try {
      await act('empty', { state: 'dead' });
      await ask('/queue/retry', { id: 'a\nb' });
      await until('both are logged', () => logged.length === 2);
    } finally {
      end();
    }
    assert.equal(logged[0], '"user without login" "empty" "dead": 0 changed');
    assert.match(logged[1] ?? '', /^"user without login" "retry" "a\\nb": .*has no job/);
  });
});

describeStores(
  'a slow bulk action of the Jobs sidebar',
  (address) => {
    before(async () => {
      red = await sharedNodeRed();
    });
    afterEach(() => red.deploy([]));

    it('goes on after the answer, tells its progress, and can be stopped', async () => {
      const deploy = (...nodes: FlowNode[]) => red.deploy([queueNode, enqueue(), ...nodes]);
      const queueNode = queue(await address());
      await deploy(worker(['fails']), fn('fails', 'throw new Error("shop does not answer")'));
      // So many that a slow machine stops it before the last one.
      add(...Array.from({ length: 60 }, (_, i) => i));
      await untilCount('dead', 60);
      await deploy();
      const { answer } = await ask('/queue/retry_all', { perSecond: 1 });
      assert.deepEqual(answer, { isUnderWay: true });
      assert.match(await refusal('/queue/empty', { state: 'dead' }), /a bulk action is under way/);
      await until('a sample has the progress', async () => Number((await numbers())['bulk']) > 0);
      assert.deepEqual(await act('stop_bulk'), {});
      await until('the action has ended', async () => (await numbers())['bulk'] === undefined);
      const { dead = 0, waiting = 0 } = await counts();
      assert.ok(dead > 0 && waiting > 0 && dead + waiting === 60);
    });
  },
  ['embedded'],
);

describe('the endpoints of the Jobs sidebar, without servers', () => {
  before(async () => {
    red = await sharedNodeRed();
  });
  afterEach(() => red.deploy([]));

  it('name the reason while the store is unreachable, and do not delay a deploy', async () => {
    await red.deploy([queue({ store: 'redis', redis_url: 'redis://127.0.0.1:1' })]);
    assert.match(String((await look())['error']), /the store is unreachable: .*ECONNREFUSED/);
    assert.match(await refusal('/queue/pause', {}), /the store is unreachable/);
  });
});
