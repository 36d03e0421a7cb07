import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeEditor } from '../helpers/describe-editor.ts';
import { closing } from '../helpers/closing.ts';
import { queue } from '../helpers/flow.ts';
import { jobsTab, type JobsTab } from '../helpers/jobs-tab.ts';
import { flowerpowerPython } from '../helpers/python.ts';
import { sharedRedis } from '../helpers/redis.ts';
import { openRqBench, runBurst, startRqWorker } from '../helpers/rq.ts';
import { temporaryDirectory } from '../helpers/servers.ts';
import { unique } from '../helpers/unique.ts';
import { until } from '../helpers/until.ts';

describeEditor('the Jobs sidebar of a queue of Python workers', ['redis', 'flowerpower'], (editor) => {
  const later = closing();
  let name: string;
  let tab: JobsTab;

  beforeEach(async () => {
    name = unique('queue');
    tab = jobsTab(editor());
    const { port } = sharedRedis();
    const address = { store: 'rq' as const, redis_url: `redis://127.0.0.1:${port}` };
    await tab.deploy(queue(address, { name: 'plant', queue_name: name, function: 'rq_tasks.fail' }));
    await tab.show();
    await tab.untilCount('waiting', '0');
  });
  afterEach(() => tab.hide());

  /** Adds a job that runs a function of rq_tasks.py. */
  const add = async (task: string, payload: unknown, more: object = {}) => {
    const bench = openRqBench(sharedRedis().port, { queue_name: name, function: `rq_tasks.${task}` });
    later(() => bench.close());
    await bench.producer.add({ name: 'check_order', msg: { topic: 'a/b', payload }, ...more });
  };
  const runAll = () => runBurst(flowerpowerPython ?? '', { port: sharedRedis().port, queue: name });
  const openJob = async (state: string) => {
    await tab.press(`tab-${state}`);
    await tab
      .row(/check_order/)
      .first()
      .click();
    const job = tab.page('.fp-jobs-job');
    await job.locator('[data-section="message"]').waitFor();
    return job;
  };
  const isOffered = async (action: string) => (await tab.page(`[data-fp="${action}"]:visible`).count()) > 0;

  it('groups failed jobs by their error, shows a traceback, and requeues', async () => {
    for (const n of [1, 2, 3]) await add('fail', { n });
    await runAll();
    await tab.untilCount('dead', '3');
    await tab.press('tab-dead');
    await tab.row(/3 × *ValueError: no luck/).click();
    await tab
      .row(/check_order.*a\/b.*no luck/)
      .first()
      .click();
    const job = tab.page('.fp-jobs-job');
    await job.getByText('Traceback (most recent call last)').waitFor();
    await editor().picture('jobs rq dead');
    assert.equal(await isOffered('fix'), false, 'RQ cannot edit a job');
    await tab.press('retry');
    await tab.untilCount('waiting', '1');
    await tab.press('tab-dead');
    await tab.row(/2 ×/).locator('[data-fp="retry_group"]').click();
    await tab.answer(/Retry 2 dead letters/);
    await tab.untilCount('waiting', '3');
    await tab.press('tab-waiting');
    await tab.press('empty');
    await tab.answer(/Remove 3 waiting jobs/);
    await tab.untilCount('waiting', '0');
  });

  it('shows a result, cancels a job that waits, and runs a scheduled one now', async () => {
    await add('words_of', { n: 1 });
    await runAll();
    await tab.untilCount('completed', '1');
    const done = await openJob('completed');
    await done.locator('[data-section="result"]').waitFor();
    assert.match((await done.textContent()) ?? '', /Result.*check_order/);
    await editor().picture('jobs rq completed');
    assert.deepEqual([await isOffered('retry'), await isOffered('cancel')], [false, false]);

    await add('words_of', { n: 2 });
    await tab.untilCount('waiting', '1');
    await openJob('waiting');
    await tab.press('cancel');
    await tab.untilCount('canceled', '1');
    await tab.press('tab-canceled');
    await tab.row(/check_order/).waitFor();

    await add('words_of', { n: 3 }, { delay: 3_600_000 });
    await tab.untilCount('delayed', '1');
    await openJob('delayed');
    await tab.press('run_now');
    await tab.untilCount('waiting', '1');
  });

  it('shows a running job and its worker, and offers nothing that RQ cannot do', async () => {
    await tab.page('').getByText(`no worker: run rq worker ${name}`).waitFor();
    const file = join(temporaryDirectory('rq-slow'), 'runs');
    const worker = startRqWorker(flowerpowerPython ?? '', { port: sharedRedis().port, queue: name });
    later(() => worker.stop());
    // The worker waits for the job.
    later(() => existsSync(file) && process.kill(Number(readFileSync(file, 'utf8').split(/\s/)[2])));
    await add('slow', { n: 1, file, seconds: 600 });
    await until('the job has begun', () => existsSync(file));
    await tab.untilCount('running', '1');
    await tab.page('').getByText('1 worker').waitFor();
    await openJob('running');
    await editor().picture('jobs rq running');
    for (const action of ['pause', 'resume', 'remove', 'retry', 'tab-charts', 'tab-deferred'])
      assert.equal(await isOffered(action), false, action);
    assert.equal(await tab.page('.fp-jobs-rates').count(), 0, 'RQ keeps no history');
  });
});
