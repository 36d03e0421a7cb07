import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sharedMosquitto } from './helpers/mosquitto.ts';
import { sharedNodeRed, untilStatus, type FlowNode, type TestNodeRed } from './helpers/node-red.ts';
import { flowerpowerPython } from './helpers/python.ts';
import { isInstalled } from './helpers/requires.ts';
import { describeStores } from './helpers/stores.ts';
import { unique } from './helpers/unique.ts';
import { until } from './helpers/until.ts';

type Msg = Record<string, unknown>;
const examples = join(__dirname, '../../examples');

describe('the examples', () => {
  it('are complete: each has a test below', () => {
    const names = [
      'alarms.json',
      'execution-modes.json',
      'flowerpower-pipelines.json',
      'javascript-pipeline.json',
      'nightly-clean-up.json',
      'nightly-report.json',
      'pause-and-resume.json',
      'quick-start.json',
      'request-and-answer.json',
      'retry-and-dead-letter.json',
      'subroutine.json',
      'two-workers.json',
    ];
    assert.deepEqual(
      readdirSync(examples)
        .filter((name) => name.endsWith('.json'))
        .toSorted(),
      names,
    );
  });
});

if (isInstalled('mosquitto')) {
  describeStores('the examples', function (address, kind) {
    /** Processes of pipelines do not know where jobs are stored: one store is enough for them. */
    const runsProcesses = kind === 'embedded';

    let red: TestNodeRed;
    let loaded: FlowNode[] = [];

    before(async function () {
      red = await sharedNodeRed();
    });
    afterEach(async function () {
      const unwell = () =>
        loaded
          .filter(({ type }) => ['fp-subscribe', 'fp-enqueue', 'fp-worker'].includes(type))
          .map(({ id }) => red.status(id))
          .filter(({ fill }) => fill !== 'green' && fill !== 'blue')
          .filter(({ text = '' }) => !text.includes('dead letter'));
      await until('every node is well', () => unwell().length === 0).catch(() => undefined);
      assert.deepEqual(unwell(), [], 'a node shows that something is wrong');
      await red.deploy([]);
    });

    /** Loads an example with the test's servers and unique names. */
    async function load(name: string, changes: Record<string, object> = {}): Promise<void> {
      const { port } = sharedMosquitto();
      const flows = JSON.parse(readFileSync(join(examples, `${name}.json`), 'utf8')) as FlowNode[];
      const where = await address();
      const topics = unique('example');
      for (const node of flows) {
        Object.assign(node, changes[node.id]);
        if (node.type === 'fp-mqtt-config' || node.type === 'mqtt-broker') {
          Object.assign(node, {
            broker: '127.0.0.1',
            port: `${port}`,
            client_id: unique('example'),
            clean_session: true,
          });
        }
        if (node.type === 'fp-project-config')
          Object.assign(node, { python: flowerpowerPython ?? 'python3' });
        if (node.type === 'fp-events') Object.assign(node, { interval: '1' });
        // A busy machine may take longer than a person would wait.
        if (node.type === 'fp-enqueue' && node['wait']) Object.assign(node, { wait_timeout: '60' });
        if (node.type === 'fp-queue-config') Object.assign(node, where, { queue_name: unique('example') });
        for (const property of ['topic', 'func']) {
          const text = node[property];
          if (typeof text !== 'string') continue;
          node[property] = text.replace(/\b(factory|retry|modes|two|js|fp|sub)(?=\/)/g, `${topics}/$1`);
        }
      }
      loaded = flows;
      await red.deploy(flows);
      const subscriptions = flows.filter(({ type }) => type === 'fp-subscribe');
      for (const { id } of subscriptions) await untilStatus(red, id, /received/);
      const publishers = flows.filter(({ type }) => type === 'mqtt out');
      for (const { id } of publishers)
        await until(`${id} is connected`, () => red.status(id).fill === 'green');
    }
    const press = (id: string) => red.node(id).receive({});
    const payloadsAt = (id: string) => {
      const messages = red.received(id);
      return async (count: number) => {
        await until(`${count} messages at ${id}`, () => messages.length >= count);
        return messages.map((msg: Msg) => msg['payload']);
      };
    };

    it('quick start: readings become jobs, and jobs complete', async () => {
      await load('quick-start');
      const completed = red.received('qs_completed');
      await until('three jobs are completed', () => completed.length >= 3);
      assert.equal((completed[0]?.['job'] as { name: string } | undefined)?.name, 'check_reading');
    });

    it('retry and dead letter: one works, one at the third attempt, one when it is run again', async () => {
      await load('retry-and-dead-letter');
      const completed = red.received('retry_completed');
      const letters = payloadsAt('retry_letter');
      for (const id of ['retry_good', 'retry_shaky', 'retry_hopeless']) press(id);
      const [letter] = await letters(1);
      assert.match(String(letter), /^C-3: .*the shop does not answer \(attempt 3 of 3\)/);
      await until('two are completed', () => completed.length === 2);
      const attempts = completed.map(({ payload, job }) => [
        (payload as { order: string }).order,
        (job as { attempt: number }).attempt,
      ]);
      assert.deepEqual(attempts, [
        ['A-1', 1],
        ['B-2', 3],
      ]);
      press('retry_again');
      await until('the dead letter is completed as a new job', () => completed.length === 3);
      assert.equal((completed[2]?.['payload'] as { order: string } | undefined)?.order, 'C-3');
    });

    it('pause and resume: jobs wait during a pause, then complete, and a clean-up removes them', async () => {
      await load('pause-and-resume');
      const completed = red.received('pause_completed');
      const answers = payloadsAt('pause_done');
      // A worker that has run a job waits for the next one; one that starts may be about to take a job.
      red.node('pause_order').receive({ payload: { part: 'first' } });
      await until('the first is completed', () => completed.length === 1);
      press('pause_begin');
      await answers(1);
      for (const part of ['a', 'b']) red.node('pause_order').receive({ payload: { part } });
      await untilStatus(red, 'pause_enqueue', /\b3\/min/);
      press('pause_how');
      const [, counted] = (await answers(2)) as { isPaused?: boolean }[];
      assert.equal(counted?.isPaused, true);
      assert.equal(completed.length, 1);
      press('pause_end');
      await until('both are completed', () => completed.length === 3);
      press('pause_night');
      const [, , , cleaned] = (await answers(4)) as { changed?: number }[];
      assert.equal(cleaned?.changed, 3);
    });

    it('nightly clean-up: removes the completed jobs and the dead letters, at 3:00', async () => {
      await load('nightly-clean-up');
      assert.equal(loaded.find(({ id }) => id === 'night_inject')?.['crontab'], '00 03 * * *');
      const removed = payloadsAt('night_removed');
      for (const id of ['night_order', 'night_order', 'night_broken']) press(id);
      await untilStatus(red, 'night_worker', /dead letter/);
      // The dead letter is the last of three jobs, which run one at a time.
      press('night_inject');
      const answers = (await removed(2)) as { changed: number }[];
      assert.deepEqual(
        answers.map(({ changed }) => changed),
        [2, 1],
      );
    });

    it('nightly report: one job each time, and one when asked', async () => {
      await load('nightly-report', { report_schedule: { pattern: '* * * * * *' } });
      const reports = payloadsAt('report_out');
      press('report_now');
      const written = (await reports(3)).map(String);
      for (const report of written) assert.match(report, /^report from .*Z to .*Z$/);
      assert.ok(written.filter((report) => report.endsWith('.000Z')).length >= 2, 'at full seconds');
    });

    it('subroutine: a link in node runs as a pipeline, and an invalid order is a dead letter', async () => {
      await load('subroutine');
      const completed = red.received('sub_completed');
      const letters = payloadsAt('sub_letter');
      for (const id of ['sub_order', 'sub_empty']) press(id);
      assert.match(String((await letters(1))[0]), /the order has no items/);
      await until('one is completed', () => completed.length === 1);
      assert.equal((completed[0]?.['job'] as { result: number } | undefined)?.result, 9.5);
    });

    if (runsProcesses) {
      it('JavaScript pipeline: counts primes in a process, and an invalid request is a dead letter', async () => {
        await load('javascript-pipeline');
        const results = payloadsAt('js_booked');
        const letters = payloadsAt('js_letter');
        for (const id of ['js_small', 'js_wrong']) press(id);
        assert.deepEqual(await results(1), [{ upTo: 100, count: 25 }]);
        assert.match(String((await letters(1))[0]), /RangeError/);
      });
    }

    if (runsProcesses && isInstalled('flowerpower')) {
      it('FlowerPower pipelines: two run by name, and an invalid reading is a dead letter', async function () {
        await load('flowerpower-pipelines');
        const results = payloadsAt('fp_booked');
        const letters = payloadsAt('fp_letter');
        press('fp_reading');
        const [reading] = await results(1);
        const { topic, ...cleaned } = (reading as { cleaned: { topic: string } }).cleaned;
        assert.match(topic, /fp\/readings$/);
        assert.deepEqual(cleaned, { sensor: 's1', celsius: 21.5, alarm: false });
        for (const id of ['fp_batch', 'fp_wrong']) press(id);
        const [, batch] = await results(2);
        const { deviation, ...summary } = (batch as { summary: { deviation: number } }).summary;
        assert.ok(Math.abs(deviation - Math.sqrt(2 / 3)) < 1e-9);
        assert.deepEqual(summary, { count: 3, mean: 21, highest: 22 });
        assert.match(String((await letters(1))[0]), /ValueError: 9999.0 degrees/);
      });
    }

    it('two workers: both get jobs, each job runs once', async () => {
      // So many that the slow one gets some, though a busy machine wakes it late.
      await load('two-workers', { two_burst: { payload: '100' } });
      const [slow, fast] = [red.received('two_slow_done'), red.received('two_fast_done')];
      press('two_burst');
      await until('all 100 are done', () => slow.length + fast.length >= 100);
      assert.ok(slow.length > 0, 'the slow one has worked');
      assert.ok(fast.length > slow.length, 'the fast one has done more');
      const numbers = [...slow, ...fast].map(({ payload }) => (payload as { number: number }).number);
      assert.equal(new Set(numbers).size, 100);
      const report = red.received('two_report');
      const counted = () =>
        (report.at(-1)?.['payload'] as { job_queue_stats: { completed: number } } | undefined)
          ?.job_queue_stats;
      await until('the statistics count them', () => {
        press('two_ask');
        return report.length > 0 && counted()?.completed === 100;
      });
    });

    it('alarms: a message when no worker runs, and one when a worker runs again', async () => {
      await load('alarms');
      const seen = payloadsAt('alarm_seen');
      press('alarm_order');
      const completed = red.received('alarm_completed');
      await until('a job is completed', () => completed.length === 1);
      await red.deploy(
        loaded.filter(({ id }) => id !== 'alarm_worker'),
        'nodes',
      );
      const [begun] = await seen(1);
      const alarm = { condition: 'no_worker', value: 0, limit: 1 };
      assert.deepEqual(begun, { ...alarm, active: true });
      await red.deploy(loaded, 'nodes');
      const [, ended] = await seen(2);
      assert.deepEqual(ended, { ...alarm, value: 1, active: false });
    });

    it('request and answer: a job gives the answer, or says why there is none', async () => {
      await load('request-and-answer');
      const post = async (body: unknown) => {
        const headers = { 'Content-Type': 'application/json' };
        const url = new URL('/fp-example/price', red.url);
        const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
        return [response.status, await response.json()];
      };
      assert.deepEqual(await post({ items: [2.5, 7] }), [200, { total: 9.5 }]);
      const [status, { error }] = await post({});
      assert.equal(status, 500);
      assert.match(error, /Cannot read properties of undefined/);
    });

    it('execution modes: sync keeps the order, async adds jobs, mixed depends on the QoS', async () => {
      await load('execution-modes');
      const inOrder = payloadsAt('modes_sync_done');
      const jobs = red.received('modes_job_done');
      const now = payloadsAt('modes_mixed_now');
      for (const id of ['modes_one', 'modes_two', 'modes_one']) press(id);
      const [one, two] = [{ value: 1 }, { value: 2 }];
      assert.deepEqual((await inOrder(3)).length, 3);
      assert.deepEqual(await now(1), [two]);
      await until('five jobs have run', () => jobs.length === 5);
      const of = (pipeline: string) =>
        jobs.filter((msg) => msg['pipeline'] === pipeline).map(({ payload }) => payload);
      assert.equal(of('in_queue').length, 3);
      assert.deepEqual(of('by_qos'), [one, one]);
    });
  });
}
