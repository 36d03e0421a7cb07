import assert from 'node:assert/strict';
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { InterruptedError } from '../../../src/base/errors.ts';
import { openInspector } from '../../../src/queue/inspect/inspector.ts';
import { resolveQueueOptions } from '../../../src/queue/options.ts';
import type { Schedule } from '../../../src/queue/schedule/schedule.ts';
import { openSchedules } from '../../../src/queue/schedule/schedules.ts';
import type { StoreOptions } from '../../../src/queue/store/store-options.ts';
import { closeBenches, openBench, type Bench } from '../../helpers/queue-bench.ts';
import { describeStores } from '../../helpers/stores.ts';
import { untilOneATick, type Tick } from '../../helpers/one-a-tick.ts';
import { unique } from '../../helpers/unique.ts';
import { until } from '../../helpers/until.ts';

const { signal } = new AbortController();
const eachSecond = { pattern: '* * * * * *' };
const schedule = (changed: Partial<Schedule> = {}): Schedule => ({
  key: 'nightly',
  times: eachSecond,
  job: { name: 'report', msg: { payload: Buffer.from('x'), topic: 't' }, attempts: 3 },
  ...changed,
});

const schedulesOf = ({ store, queue }: Bench) => openSchedules(store, resolveQueueOptions(queue));
const inspect = ({ store, queue }: Bench) => openInspector(store, queue.queue_name);

describeStores('schedules', (address) => {
  let options: StoreOptions;

  before(async () => {
    options = await address();
  });
  afterEach(closeBenches);

  it('add a job at each time, with the message and the attempts', async () => {
    const bench = openBench(options);
    await schedulesOf(bench).put(schedule(), signal);
    const ticks: Tick[] = [];
    const worker = bench.work(async ({ msg }) => {
      ticks.push({ due: Date.parse(String(msg['executionTimestamp'])), at: Date.now() });
    });
    await until('two are completed', () => worker.completed.length >= 2);
    const [first] = worker.completed;
    const { executionTimestamp, ...msg } = first?.msg ?? {};
    assert.deepEqual(msg, { payload: Buffer.from('x'), topic: 't', qos: 0, executionMode: 'async' });
    assert.equal(first?.attempts, 3);
    assert.match(String(executionTimestamp), /:\d\d\.000Z$/);
    await untilOneATick(() => ticks, 1000);
  });

  it('are listed with their next time', async () => {
    const bench = openBench(options);
    const tz = 'Europe/Berlin';
    await schedulesOf(bench).put(schedule({ times: { pattern: '0 2 * * *', tz } }), signal);
    await schedulesOf(bench).put(schedule({ key: 'often', times: { every: 3_600_000 } }), signal);
    const found = await inspect(bench).schedules();
    const next = found.find(({ key }) => key === 'nightly')?.next;
    assert.match(next?.toLocaleTimeString('en-GB', { timeZone: tz }) ?? '', /^02:00:00/);
    assert.deepEqual(
      found.map(({ next: _next, ...others }) => others).toSorted((a, b) => a.key.localeCompare(b.key)),
      [
        { key: 'nightly', name: 'report', pattern: '0 2 * * *', tz, every: undefined },
        { key: 'often', name: 'report', pattern: undefined, tz: undefined, every: 3_600_000 },
      ],
    );
  });

  it('with an interval are due at its multiples, although storing them takes time', async () => {
    const bench = openBench(options);
    const queue = await bench.store.queue(bench.queue.queue_name);
    const { upsertJobScheduler } = queue;
    queue.upsertJobScheduler = async (...given) => {
      await new Promise((resolve) => setTimeout(resolve, 250));
      return upsertJobScheduler.apply(queue, given);
    };
    await schedulesOf(bench).put(schedule({ times: { every: 200 } }), signal);
    const [found] = await inspect(bench).schedules();
    assert.equal(Number(found?.next) % 200, 0);
  });

  it('that are stored again leave a job that is due and has not run', async () => {
    const bench = openBench(options);
    await schedulesOf(bench).put(schedule(), signal);
    const waiting = async () => (await inspect(bench).list({ state: 'waiting' })).rows.map(({ id }) => id);
    const delayed = async () => (await inspect(bench).list({ state: 'delayed' })).rows.map(({ id }) => id);
    const [id = ''] = await delayed();
    await until('it is due', () => Date.now() > Number(id.split(':').at(-1)));
    await schedulesOf(bench).put(schedule(), signal);
    assert.deepEqual([...(await delayed()), ...(await waiting())], [id]);
    await schedulesOf(bench).put(schedule({ times: { pattern: '0 0 1 1 *' } }), signal);
    const after = await delayed();
    assert.equal(after.length, 1);
    assert.notEqual(after[0], id);
  });

  it('that are removed add no more jobs', async () => {
    const bench = openBench(options);
    await schedulesOf(bench).put(schedule({ times: { pattern: '0 0 1 1 *' } }), signal);
    await inspect(bench).removeSchedule('nightly');
    assert.deepEqual(await inspect(bench).schedules(), []);
    assert.deepEqual((await inspect(bench).list({ state: 'delayed' })).rows, []);
    await assert.rejects(() => inspect(bench).removeSchedule('nightly'), /has no schedule nightly/);
    await schedulesOf(bench).remove('nightly', signal);
  });

  it('whose storing is interrupted are stored, or not, before that is told: a removal afterwards counts', async () => {
    const bench = openBench(options);
    const queue = await bench.store.queue(bench.queue.queue_name);
    const { upsertJobScheduler } = queue;
    let isStored = false;
    const begun = new Promise<void>((begin) => {
      queue.upsertJobScheduler = async (...given) => {
        begin();
        await new Promise((resolve) => setTimeout(resolve, 300));
        const job = await upsertJobScheduler.apply(queue, given);
        isStored = true;
        return job;
      };
    });
    const closing = new AbortController();
    const stored = assert.rejects(schedulesOf(bench).put(schedule(), closing.signal), InterruptedError);
    await begun;
    closing.abort();
    await stored;
    await schedulesOf(bench).remove('nightly', signal);
    await until('it would have been stored', () => isStored);
    assert.deepEqual(await inspect(bench).schedules(), []);
  });

  it('with a mistake are refused', async () => {
    const bench = openBench(options);
    const put = (changed: Partial<Schedule>) => schedulesOf(bench).put(schedule(changed), signal);
    await assert.rejects(() => put({ times: { pattern: 'x' } }), /invalid pattern "x"/);
    await assert.rejects(() => put({ times: { every: 1 } }), /0.1 seconds/);
    await assert.rejects(() => put({ key: 'a:b' }), /no colon/);
    assert.deepEqual(await inspect(bench).schedules(), []);
  });
});

describeStores(
  'three processes with the same schedule',
  (address) => {
    const gateways: ChildProcess[] = [];

    afterEach(async () => {
      for (const gateway of gateways.splice(0)) {
        if (gateway.kill('SIGKILL')) await once(gateway, 'exit');
      }
    });

    for (const times of [eachSecond, { every: 1000 }]) {
      it(`make one job each time: ${JSON.stringify(times)}`, async () => {
        const ticks: Tick[] = [];
        const input = JSON.stringify([await address(), unique('queue'), schedule({ times })]);
        for (let n = 0; n < 3; n++) {
          const gateway = fork(join(__dirname, 'schedule-child.js'), [input]);
          gateway.on('message', (due: string) => ticks.push({ due: Date.parse(due), at: Date.now() }));
          gateways.push(gateway);
        }
        await until('five have run', () => ticks.length >= 5);
        await untilOneATick(() => ticks, 1000);
      });
    }
  },
  ['redis', 'postgres'],
);
