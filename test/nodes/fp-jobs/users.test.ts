import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { newPage } from '../../helpers/describe-editor.ts';
import { queue } from '../../helpers/flow.ts';
import { startGuarded, type GuardedNodeRed } from '../../helpers/guarded-node-red.ts';
import { describeWith } from '../../helpers/requires.ts';
import { temporaryDirectory } from '../../helpers/servers.ts';
import { until } from '../../helpers/until.ts';

const users = `[
  { username: 'reader', password: hash('r'), permissions: ['fp-jobs.read'] },
  { username: 'operator', password: hash('o'), permissions: ['fp-jobs.read', 'fp-jobs.write'] },
  { username: 'viewer', password: hash('v'), permissions: 'read' },
  { username: 'admin', password: hash('a'), permissions: '*' },
]`;

describe('the Jobs sidebar, where the editor has a login', () => {
  let red: GuardedNodeRed;

  before(async () => {
    const directory = join(temporaryDirectory('guarded-jobs'), 'store');
    red = await startGuarded({ users }, [
      queue({ store: 'embedded', directory }, { name: 'orders' }),
      queue({ store: 'embedded', directory }, { id: 'locked', name: 'mails', sidebar_read_only: true }),
    ]);
  });
  after(() => red.stop());

  const post = async (path: string, body: object, token?: string) => {
    const headers = {
      'content-type': 'application/json',
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    };
    const response = await fetch(red.url + path, { method: 'POST', headers, body: JSON.stringify(body) });
    const text = await response.text();
    return { status: response.status, text };
  };
  const login = async (username: string, password: string) => {
    const grant = { client_id: 'node-red-admin', grant_type: 'password', scope: '', username, password };
    const { text } = await post('/auth/token', grant);
    return (JSON.parse(text) as { access_token: string }).access_token;
  };

  it('a user with fp-jobs.read sees the jobs, but cannot change them', async () => {
    const token = await login('reader', 'r');
    const { status, text } = await post('/fp/jobs/look', { queues: ['queue'] }, token);
    assert.equal(status, 200);
    const { views } = JSON.parse(text) as { views: Record<string, { numbers?: object }> };
    assert.ok(views['queue']?.numbers, text);
    for (const action of ['pause', 'retry', 'retry_all', 'retry_edited', 'remove', 'empty', 'stop_bulk']) {
      assert.equal((await post(`/fp/jobs/queue/${action}`, {}, token)).status, 401, action);
    }
    assert.equal((await post('/fp/jobs/look', {})).status, 401);
  });

  it('the action of a user with fp-jobs.write is logged with the name of the user', async () => {
    const token = await login('operator', 'o');
    assert.equal((await post('/fp/jobs/queue/pause', {}, token)).status, 200);
    await until('the pause is logged', () => red.log().includes('"operator" "pause"'));
    await post('/fp/jobs/queue/empty', { state: 'dead' }, token);
    await until('the removal is logged', () => red.log().includes('"operator" "empty" "dead": 0 changed'));
  });

  it('a read-only queue is not changed by anybody', async () => {
    const token = await login('operator', 'o');
    const { status, text } = await post('/fp/jobs/locked/pause', {}, token);
    assert.equal(status, 400);
    assert.match(text, /the Jobs tab only shows this queue/);
    const look = await post('/fp/jobs/look', { queues: ['locked'] }, token);
    const { queues } = JSON.parse(look.text) as { queues: { id: string; isReadOnly: boolean }[] };
    // By their labels, as in the tab.
    assert.deepEqual(
      queues.map(({ id, isReadOnly }) => [id, isReadOnly]),
      [
        ['locked', true],
        ['queue', false],
      ],
    );
  });

  describeWith(['chromium'], 'in the browser', () => {
    let page: Page;

    before(async () => {
      page = await newPage();
      page.setDefaultTimeout(90_000);
    });
    after(() => page.context().close());

    const fillIn = async (username: string, password: string) => {
      await page.locator('#node-dialog-login-username').fill(username);
      await page.locator('#node-dialog-login-password').fill(password);
      await page.locator('#node-dialog-login-submit').click();
    };
    const open = async (name: string) => {
      await page.locator('.fp-jobs-queue').selectOption({ label: 'All queues' });
      await page.locator('.fp-jobs-queue-line').filter({ hasText: name }).click();
      await page.locator('[data-fp="tab-waiting"] .fp-jobs-count').filter({ hasText: '0' }).waitFor();
    };
    const buttons = () => page.locator('[data-fp="pause"]:visible, [data-fp="resume"]:visible').count();

    it('offers no button that changes jobs to a user who may only read', async () => {
      await page.goto(red.url);
      await fillIn('viewer', 'v');
      await page.waitForFunction('window.RED?.nodes?.getType?.("fp-stats") && RED.workspaces?.active()');
      await page.evaluate('RED.actions.invoke("flowerpower:show-jobs-tab")');
      await open('orders');
      assert.equal(await buttons(), 0);
    });

    it('offers none for a read-only queue', async () => {
      // As the login of the user menu does, which does not load the page again.
      await page.evaluate(
        `void RED.user.login(() => RED.settings.load(() => (window.fpTestUser = RED.settings.user)))`,
      );
      await fillIn('admin', 'a');
      await page.waitForFunction('window.fpTestUser?.username === "admin"');
      await open('orders');
      assert.equal(await buttons(), 1);
      await open('mails');
      assert.equal(await buttons(), 0);
    });
  });
});
