import assert from 'node:assert/strict';
import { jobsTab, type JobsTab } from '../helpers/jobs-tab.ts';
import { describeEditor } from '../helpers/describe-editor.ts';
import { fn, queue, worker } from '../helpers/flow.ts';
import type { FlowNode } from '../helpers/node-red.ts';
import { storeCases } from '../helpers/stores.ts';
import { until } from '../helpers/until.ts';

for (const { kind, servers, address } of storeCases) {
  describeEditor(`the Jobs sidebar (${kind})`, servers, (editor) => {
    let queueNode: FlowNode;
    let tab: JobsTab;
    const deploy = (func: string) => tab.deploy(queueNode, worker(['pipeline']), fn('pipeline', func, []));
    const add = (...payloads: unknown[]) => {
      for (const payload of payloads) {
        const msg = { payload, topic: 'retry/orders', pipeline: 'check_order' };
        editor().nodeRed.node('enqueue').receive(msg);
      }
    };

    beforeEach(async () => {
      queueNode = queue(await address(), { name: 'orders' });
      tab = jobsTab(editor());
    });

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
      await editor().picture(`jobs ${kind} groups`);

      await tab.row(/495 ×/).click();
      await tab
        .row(/check_order.*retry\/orders.*<b>shop<\/b> does not answer/)
        .first()
        .waitFor();
      assert.ok((await tab.rows().count()) < 50, 'only visible rows have elements');
      await editor().picture(`jobs ${kind} list`);
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
      await editor().picture(`jobs ${kind} one`);

      await job.locator('[data-node="pipeline"]').click();
      await editor().page.context().grantPermissions(['clipboard-read']);
      await tab.press('copy');
      await editor().page.getByText('Copied').waitFor();
      assert.match(
        await editor().page.evaluate('navigator.clipboard.readText()'),
        /"topic": "retry\/orders"/,
      );
      await tab.press('inject');
      await editor()
        .page.locator('#red-ui-workspace-chart')
        .click({ position: { x: 500, y: 300 } });
      const [inject] = await tab.nodesOf('inject');
      assert.equal(inject?.['payloadType'], 'json');
      assert.match(String(inject?.['payload']), /"order":"B-/);

      await tab.press('fix');
      await tab.fix('{ "order": "B-1"');
      await editor().page.locator('.fp-jobs-fix [role="alert"]:visible').waitFor();
      await editor().picture(`jobs ${kind} fix`);
      await tab.fix('{ "order": "B-1", "price": 3, "isFixed": true }');
      await editor().page.locator('.fp-jobs-fix').waitFor({ state: 'detached' });
      await tab.untilCount('completed', '1');
      await tab.untilCount('dead', '499');

      await deploy(`if (msg.payload.price === undefined) throw new Error('no price');`);
      await tab.press('tab-dead');
      await tab.row(/495 ×/).locator('[data-fp="retry_group"]').click();
      await tab.answer(/Retry 495 dead letters/, '10000');
      await tab.untilCount('dead', '4');
      await tab.untilCount('completed', '496');
      await tab.row(/4 ×.*no price/).waitFor();
      await tab.press('tab-charts');
      await tab.page('.fp-jobs-chart svg').nth(2).waitFor();
      await editor().picture(`jobs ${kind} charts`);
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
      await editor().picture(`jobs ${kind} paused`);
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
  });
}

describeEditor('the Jobs sidebar', [], (editor) => {
  const embedded = storeCases[0]!;

  it('removes more than 1,000 jobs only if the user types their number', async () => {
    const tab = jobsTab(editor());
    await tab.deploy(queue(await embedded.address()));
    for (let n = 0; n < 1001; n++) editor().nodeRed.node('enqueue').receive({ payload: n, pipeline: 'pipe' });
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

  it('shows all queues at a glance, and opens one', async () => {
    const tab = jobsTab(editor());
    const address = await embedded.address();
    await tab.deploy(queue(address, { name: 'orders' }), queue(address, { id: 'other', name: 'mails' }));
    await tab.show();
    await tab.page('.fp-jobs-queue').selectOption({ label: 'All queues' });
    await tab.page('.fp-jobs-queue-line').nth(1).waitFor();
    await tab.page('.fp-jobs-queue-line').getByText('no worker').first().waitFor();
    await editor().picture('jobs all queues');
    await tab.page('.fp-jobs-queue-line').filter({ hasText: 'mails' }).click();
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
