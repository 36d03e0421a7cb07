import assert from 'node:assert/strict';
import { join } from 'node:path';
import { queue } from '../../helpers/flow.ts';
import { startGuarded, type GuardedNodeRed } from '../../helpers/guarded-node-red.ts';
import { temporaryDirectory } from '../../helpers/servers.ts';
import { until } from '../../helpers/until.ts';

const users = `[
  { username: 'reader', password: hash('r'), permissions: ['fp-jobs.read'] },
  { username: 'operator', password: hash('o'), permissions: ['fp-jobs.read', 'fp-jobs.write'] },
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
});
