import assert from 'node:assert/strict';
import type { Route } from 'playwright-core';
import { jobsTab, type JobsTab } from '../helpers/jobs-tab.ts';
import { describeEditor } from '../helpers/describe-editor.ts';
import { fn, queue, worker } from '../helpers/flow.ts';
import type { Editor } from '../helpers/editor.ts';
import type { FlowNode } from '../helpers/node-red.ts';
import { keepRunning, storeCases, type StoreCase } from '../helpers/stores.ts';
import { until } from '../helpers/until.ts';

const [embedded, ...servers] = storeCases as [StoreCase, ...StoreCase[]];

let queueNode: FlowNode;
let tab: JobsTab;
const deploy = (func: string) => tab.deploy(queueNode, worker(['pipeline']), fn('pipeline', func, []));

/** Defines a suite whose tests have a queue in a store. */
function describeTab(
  { kind, servers: needed, address }: StoreCase,
  suite: (editor: () => Editor, add: (...payloads: unknown[]) => void) => void,
): void {
  describeEditor(`the Jobs sidebar (${kind})`, needed, (editor) => {
    if (kind === 'embedded') keepRunning();
    beforeEach(async () => {
      queueNode = queue(await address(), { name: 'orders' });
      tab = jobsTab(editor());
    });
    suite(editor, (...payloads) => {
      for (const payload of payloads) {
        const msg = { payload, topic: 'retry/orders', pipeline: 'check_order' };
        editor().nodeRed.node('enqueue').receive(msg);
      }
    });
  });
}

// What can differ between stores; the embedded one has more below.
for (const store of servers) {
  describeTab(store, (editor, add) => {
    it('a broken pipeline: groups 500 dead letters, fixes one, retries a group, pauses, empties a state, resumes', async () => {
      await deploy(`
        if (msg.payload.price === undefined) throw new Error('no price');
        if (!msg.payload.isFixed) throw new Error('shop does not answer');`);
      add(...Array.from({ length: 500 }, (_, n) => (n < 495 ? { price: n } : {})));
      await tab.show();
      await tab.untilCount('dead', '500');
      await tab.press('tab-dead');
      await tab.row(/495 ×.*shop does not answer/).waitFor();
      await editor().picture(`jobs ${store.kind}`);
      await tab.row(/5 ×.*no price/).click();
      await tab
        .row(/check_order.*retry\/orders.*no price/)
        .first()
        .click();
      await tab.press('fix');
      await tab.fix('{ "price": 3, "isFixed": true }');
      await tab.untilCount('completed', '1');
      await tab.untilCount('dead', '499');

      // The tab must not ask for jobs while the queue is replaced.
      await tab.hide();
      await deploy(`if (msg.payload.price === undefined) throw new Error('no price');`);
      await tab.show();
      await tab.press('tab-dead');
      await tab.row(/495 ×/).locator('[data-fp="retry_group"]').click();
      await tab.answer(/Retry 495 dead letters/, '10000');
      await tab.untilCount('dead', '4');
      await tab.untilCount('completed', '496');
      await tab.press('tab-charts');
      await tab.page('.fp-jobs-chart svg').nth(2).waitFor();

      await tab.press('pause');
      await tab.page('.fp-jobs-paused:visible').waitFor();
      add({ price: 1 }, { price: 2 });
      await tab.untilCount('waiting', '2');
      await tab.press('tab-waiting');
      await tab.press('empty');
      await tab.answer(/Remove 2 waiting jobs/);
      await tab.untilCount('waiting', '0');
      await tab.press('resume');
      await tab.page('.fp-jobs-paused').waitFor({ state: 'hidden' });
      await tab.hide();
    });
  });
}

describeTab(embedded, (editor, add) => {
  it('a broken pipeline: groups the dead letters, fixes one, retries a group', async () => {
    await deploy(`
      if (msg.payload.price === undefined) throw new Error('no price');
      if (!msg.payload.isFixed) throw new Error('<b>shop</b> does not answer\\nsecond line');`);
    const orders = Array.from({ length: 495 }, (_, n) => ({ order: `A-${n}`, price: n }));
    const odd = Array.from({ length: 5 }, (_, n) => ({
      order: `B-${n}`,
      note: '<img src=x onerror=alert(1)>',
    }));
    add(...orders, ...odd);
    await tab.show();
    await tab.untilCount('dead', '500');
    await tab.press('tab-dead');
    await tab.row(/495 ×.*<b>shop<\/b> does not answer/).waitFor();
    await editor().picture('jobs groups');

    await tab.row(/495 ×/).click();
    await tab
      .row(/check_order.*retry\/orders.*<b>shop<\/b> does not answer/)
      .first()
      .waitFor();
    assert.ok((await tab.rows().count()) < 50, 'only visible rows have elements');
    await editor().picture('jobs list');
    await tab.rowsBox().press('End');
    await tab.rowsBox().press('Escape');

    await tab.row(/5 ×.*no price/).click();
    await tab.rows().first().waitFor();
    await tab.rowsBox().press('ArrowDown');
    await tab.rowsBox().press('Enter');
    const job = tab.page('.fp-jobs-job');
    await job.locator('.red-ui-debug-msg-element').first().waitFor();
    assert.match((await job.textContent()) ?? '', /no price.*check_order.*dead.*1\/1.*Message.*Stack/s);
    assert.equal(await tab.page('img, .fp-jobs-error b').count(), 0, 'a payload is never HTML');
    await editor().picture('jobs one');

    await job.locator('[data-node="pipeline"]').click();
    await editor().page.context().grantPermissions(['clipboard-read']);
    // The page looks for it, because it goes away after two seconds.
    const isTold = "$('.red-ui-notification:visible').text().includes('Copied')";
    await Promise.all([editor().page.waitForFunction(isTold, undefined, { polling: 50 }), tab.press('copy')]);
    assert.match(await editor().page.evaluate('navigator.clipboard.readText()'), /"topic": "retry\/orders"/);
    await tab.press('inject');
    await until('the node hangs on the mouse', async () => (await editor().ids('inject')).length > 0);
    await editor()
      .page.locator('#red-ui-workspace-chart')
      .click({ position: { x: 500, y: 300 } });
    const [inject] = await tab.nodesOf('inject');
    assert.equal(inject?.['payloadType'], 'json');
    assert.match(String(inject?.['payload']), /"order":"B-/);

    await tab.press('fix');
    await tab.fix('{ "order": "B-1"');
    await editor().page.locator('.fp-jobs-fix [role="alert"]:visible').waitFor();
    await editor().picture('jobs fix');
    await tab.fix('{ "order": "B-1", "price": 3, "isFixed": true }');
    await editor().page.locator('.fp-jobs-fix').waitFor({ state: 'detached' });
    await tab.untilCount('completed', '1');
    await tab.untilCount('dead', '499');

    // The tab must not ask for jobs while the queue is replaced.
    await tab.hide();
    await deploy(`if (msg.payload.price === undefined) throw new Error('no price');`);
    await tab.show();
    await tab.press('tab-dead');
    await tab.row(/495 ×/).locator('[data-fp="retry_group"]').click();
    await tab.answer(/Retry 495 dead letters/, '10000');
    await tab.untilCount('dead', '4');
    await tab.untilCount('completed', '496');
    await tab.row(/4 ×.*no price/).waitFor();
    await tab.press('tab-charts');
    await tab.page('.fp-jobs-chart svg').nth(2).waitFor();
    await editor().picture('jobs charts');
    await tab.hide();
  });

  it('pauses and resumes the queue, and empties a state after a confirmation with the count', async () => {
    await tab.deploy(queueNode);
    await tab.show();
    await tab.page('').getByText('no worker').waitFor();
    await tab.press('pause');
    await tab.page('.fp-jobs-paused:visible').waitFor();
    add(...Array.from({ length: 55 }, (_, n) => ({ order: n })));
    await tab.untilCount('waiting', '55');
    await tab.press('tab-waiting');
    await tab.rows().first().waitFor();
    const firstJob = () => tab.page('[aria-posinset="1"]').first().getAttribute('data-job');
    const newest = await firstJob();
    await tab.rowsBox().press('End');
    await tab
      .row(/check_order/)
      .last()
      .waitFor();
    await editor().picture('jobs paused');
    await tab.press('order');
    await tab.page('[data-fp="order"][title^="Oldest first"]').waitFor();
    await until('the oldest job is the first', async () => {
      const first = await firstJob();
      return first !== null && first !== newest;
    });
    await tab.press('resume');
    await tab.page('.fp-jobs-paused').waitFor({ state: 'hidden' });
    await tab.press('empty');
    await tab.answer(/Remove 55 waiting jobs/);
    await tab.untilCount('waiting', '0');
    await tab.page('.fp-jobs-empty:visible').waitFor();
    await tab.hide();
  });

  it('removes more than 1,000 jobs only if the user types their number', async () => {
    await tab.deploy(queueNode);
    add(...Array.from({ length: 1001 }, (_, n) => n));
    await tab.show();
    await tab.untilCount('waiting', '1,001');
    await tab.press('tab-waiting');
    await tab.press('empty');
    await tab.answer(/Remove 1,001 waiting jobs/, '1000');
    await editor().page.locator('.fp-jobs-typed.input-error').waitFor();
    await editor().picture('jobs confirm');
    await tab.answer(/Remove 1,001 waiting jobs/, '1001');
    await tab.untilCount('waiting', '0');
    await tab.hide();
  });

  it('shows a sample only after it has heard which queue a deploy has made of this one', async () => {
    const { page } = editor();
    await tab.deploy(queueNode);
    add('before');
    await tab.show();
    await tab.untilCount('waiting', '1');
    await tab.press('tab-waiting');
    await tab.row(/check_order/).click();
    await tab.page('.fp-jobs-job').getByText('before').first().waitFor();
    await tab.hide();
    await tab.deploy(queue(await embedded.address(), { name: 'other orders' }));
    const pushed = page.evaluate(`new Promise((resolve) => RED.comms.subscribe('fp-jobs/queue', resolve))`);
    const answerLate = async (route: Route) => {
      const response = await route.fetch();
      await pushed;
      await route.fulfill({ response });
    };
    await page.route('**/fp/jobs/look', answerLate, { times: 1 });
    await tab.show();
    await tab.page('.fp-jobs-queue').getByText('other orders').waitFor({ state: 'attached' });
    await tab.untilCount('waiting', '0');
    await tab.hide();
  });

  // The last test of this tab: all queues stay on show when there is one queue again.
  it('shows all queues at a glance, and opens one', async () => {
    await tab.deploy(queueNode, queue(await embedded.address(), { id: 'other', name: 'mails' }));
    await tab.show();
    await tab.page('.fp-jobs-queue').selectOption({ label: 'All queues' });
    await tab.page('.fp-jobs-queue-line').nth(1).waitFor();
    await tab.page('.fp-jobs-queue-line').getByText('no worker').first().waitFor();
    await editor().picture('jobs all queues');
    const { page } = editor();
    await tab.page('.fp-jobs-queue-line').filter({ hasText: 'mails' }).hover();
    await page.mouse.down();
    // Numbers that come during a click don't take its line away.
    await page.evaluate("RED.comms.subscribe('fp-jobs/#', () => (window.fpTestHeard = true))");
    await page.waitForFunction('window.fpTestHeard', undefined, { polling: 50 });
    await page.mouse.up();
    await tab.untilCount('waiting', '0');
    await tab.hide();
  });
});

describeEditor('the dialog of fp-control', [], (editor) => {
  it('shows the fields of its command', async () => {
    await editor().edit(await editor().drag('fp-control', { x: 200, y: 100 }));
    const isShown = () => editor().field('state').isVisible();
    assert.equal(await isShown(), false);
    await editor().fillIn({ command: 'empty' });
    assert.equal(await isShown(), true);
    await editor().fillIn({ command: 'msg' });
    assert.equal(await isShown(), false);
    await editor().page.getByText('msg.command is the command').waitFor();
    await editor().picture('control');
  });
});
