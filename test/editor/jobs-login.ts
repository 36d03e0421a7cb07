import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { newPage } from '../helpers/describe-editor.ts';
import { queue } from '../helpers/flow.ts';
import { startGuarded, type GuardedNodeRed } from '../helpers/guarded-node-red.ts';
import { describeWith } from '../helpers/requires.ts';
import { temporaryDirectory } from '../helpers/servers.ts';

const users = `[
  { username: 'reader', password: hash('secret'), permissions: 'read' },
  { username: 'admin', password: hash('secret'), permissions: '*' },
]`;

describeWith(['chromium'], 'the Jobs sidebar, where the editor has a login', () => {
  let red: GuardedNodeRed;
  let page: Page;

  before(async () => {
    const directory = join(temporaryDirectory('jobs-login'), 'store');
    red = await startGuarded({ users }, [
      queue({ store: 'embedded', directory }, { name: 'orders' }),
      queue({ store: 'embedded', directory }, { id: 'locked', name: 'mails', sidebar_read_only: true }),
    ]);
  });
  afterEach(() => page.context().close());
  after(() => red.stop());

  const login = async (username: string) => {
    page = await newPage();
    await page.goto(red.url);
    await page.locator('#node-dialog-login-username').fill(username);
    await page.locator('#node-dialog-login-password').fill('secret');
    await page.locator('#node-dialog-login-submit').click();
    await page.waitForFunction('window.RED?.nodes?.getType?.("fp-stats") && RED.workspaces?.active()');
    await page.evaluate('RED.actions.invoke("flowerpower:show-jobs-tab")');
  };
  const open = async (name: string) => {
    await page.locator('.fp-jobs-queue-line').filter({ hasText: name }).click();
    await page.locator('[data-fp="tab-waiting"] .fp-jobs-count').filter({ hasText: '0' }).waitFor();
  };
  const buttons = () => page.locator('[data-fp="pause"]:visible').count();

  it('offers no button that changes jobs to a user who may only read', async () => {
    await login('reader');
    await open('orders');
    assert.equal(await buttons(), 0);
  });

  it('offers none for a read-only queue', async () => {
    await login('admin');
    await open('orders');
    assert.equal(await buttons(), 1);
    await page.locator('.fp-jobs-queue').selectOption({ label: 'All queues' });
    await open('mails');
    assert.equal(await buttons(), 0);
  });
});
