import assert from 'node:assert/strict';
import type { ConfigNode } from '../../nodes/config-node.ts';
import type { QueueConfig } from '../../nodes/fp-queue-config/fp-queue-config.ts';
import { describeEditor } from '../helpers/describe-editor.ts';
import type { Editor } from '../helpers/editor.ts';
import { enqueue, fn, queue, worker } from '../helpers/flow.ts';
import type { FlowNode } from '../helpers/node-red.ts';
import { storeCases } from '../helpers/stores.ts';
import { until } from '../helpers/until.ts';

for (const { kind, servers, address } of storeCases) {
  describeEditor(`the Jobs sidebar (${kind})`, servers, (editor) => {
    let queueNode: FlowNode;
    const sidebar = () => editor().page.locator('.fp-jobs');
    const press = (name: string) => sidebar().locator(`[data-fp="${name}"]:visible`).click();
    const rows = () => sidebar().locator('.fp-jobs-row');
    const number = (state: string) => sidebar().locator(`[data-fp="state-${state}"] .fp-jobs-number`);
    const untilNumber = (state: string, text: string) =>
      until(`${state} shows ${text}`, async () => (await number(state).textContent()) === text);
    const run = async (...nodes: FlowNode[]) => {
      const { nodeRed } = editor();
      await nodeRed.deploy([queueNode, enqueue(), ...nodes]);
      // The editor's own deploy, which cleared the flows, may have started them last.
      await until('the queue is deployed', () => {
        const deployed = nodeRed.RED.nodes.getNode('queue') as ConfigNode<QueueConfig> | null;
        return deployed?.shared?.properties.queue_name === queueNode['queue_name'];
      });
    };
    const deploy = (func: string) => run(worker(['pipeline']), fn('pipeline', func, []));
    const add = (...payloads: unknown[]) => {
      for (const payload of payloads) {
        const msg = { payload, topic: 'retry/orders', pipeline: 'check_order' };
        editor().nodeRed.node('enqueue').receive(msg);
      }
    };

    beforeEach(async () => {
      queueNode = queue(await address(), { name: 'orders' });
    });
    it('shows the dead letters of a broken pipeline, opens one, and retries it', async () => {
      await deploy('throw new Error("<b>shop</b> does not answer\\nsecond line");');
      add(
        { order: 'A-1', bytes: Buffer.from('abc'), note: '<img src=x onerror=alert(1)>' },
        { order: 'A-2' },
      );
      await show(editor());
      await press('state-dead');
      await untilNumber('dead', '2');
      await rows().nth(1).waitFor();
      assert.match(
        (await rows().first().textContent()) ?? '',
        /check_order.*retry\/orders.*<b>shop<\/b> does not answer/,
      );
      assert.match((await sidebar().locator('.fp-jobs-facts').textContent()) ?? '', /workers:.*×/);
      await editor().picture(`jobs ${kind}`);
      // Node-RED 5's dark theme.
      await editor().page.evaluate('document.documentElement.classList.toggle("nr-theme-dark", true)');
      await editor().picture(`jobs ${kind} dark`);
      await editor().page.evaluate('document.documentElement.classList.toggle("nr-theme-dark", false)');

      await rows().last().press('Enter');
      const job = sidebar().locator('.fp-jobs-job');
      await job.locator('.red-ui-debug-msg-element').first().waitFor();
      assert.match((await job.textContent()) ?? '', /check_order.*dead.*1\/1.*Error.*shop.*Message.*Stack/s);
      assert.equal(await sidebar().locator('img, .fp-jobs-error b').count(), 0, 'a payload is never HTML');
      await editor().picture(`jobs ${kind} one`);

      await deploy('return msg;');
      await press('retry');
      await untilNumber('dead', '1');
      await untilNumber('completed', '1');
      assert.equal(await rows().count(), 1);
      await press('retry_all');
      await untilNumber('completed', '2');
      await sidebar().locator('.fp-jobs-empty').waitFor();
      await press('state-completed');
      await rows().nth(1).waitFor();
      await hide(editor());
    });

    it('pauses and resumes the queue, and empties a state after a confirmation with the count', async () => {
      await run();
      await show(editor());
      await sidebar().getByText('no worker').waitFor();
      await press('pause');
      await sidebar().locator('.fp-jobs-paused:visible').waitFor();
      add(...Array.from({ length: 55 }, (_, n) => ({ order: n })));
      await untilNumber('waiting', '55');
      await press('state-waiting');
      await rows().nth(49).waitFor();
      await press('more');
      await rows().nth(54).waitFor();
      await editor().picture(`jobs ${kind} paused`);
      await press('resume');
      await sidebar().locator('.fp-jobs-paused').waitFor({ state: 'hidden' });
      await press('empty');
      const question = editor()
        .page.locator('.red-ui-notification')
        .filter({ hasText: /Remove all waiting jobs \(55\)/ });
      await question.waitFor();
      await editor().picture(`jobs ${kind} confirm`);
      await question.locator('button.primary').click();
      await untilNumber('waiting', '0');
      await sidebar().locator('.fp-jobs-empty').waitFor();
      await hide(editor());
    });
  });
}

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

/** Opens the tab. */
async function show({ page }: Editor): Promise<void> {
  await page.evaluate('RED.actions.invoke("flowerpower:show-jobs-tab")');
  await page.locator('.fp-jobs').waitFor();
}

/** Shows another tab: the next suites' stores may be unreachable, which the editor would log. */
async function hide({ page }: Editor): Promise<void> {
  await page.evaluate('RED.sidebar.show("info")');
  await page.locator('.fp-jobs').waitFor({ state: 'hidden' });
}
