import assert from 'node:assert/strict';
import { startGuarded } from '../helpers/guarded-node-red.ts';
import { sharedNodeRed } from '../helpers/node-red.ts';

/** What each of the package's own endpoints asks for. */
const endpoints = [
  { method: 'POST', path: '/fp/test/fp-mqtt-config', permission: 'flows.write' },
  { method: 'POST', path: '/fp/test/fp-queue-config', permission: 'flows.write' },
  { method: 'POST', path: '/fp/test/fp-project-config', permission: 'flows.write' },
  { method: 'POST', path: '/fp/yaml/read', permission: 'flows.write' },
  { method: 'POST', path: '/fp/yaml/write', permission: 'flows.read' },
  { method: 'GET', path: '/fp/variables?names=A', permission: 'flows.read' },
  { method: 'GET', path: '/fp/projects/some/pipelines', permission: 'flows.read' },
  { method: 'POST', path: '/fp/jobs/look', permission: 'fp-jobs.read' },
  { method: 'GET', path: '/fp/jobs/some/list?state=dead', permission: 'fp-jobs.read' },
  { method: 'GET', path: '/fp/jobs/some/job?id=1', permission: 'fp-jobs.read' },
  { method: 'GET', path: '/fp/jobs/some/message?id=1', permission: 'fp-jobs.read' },
  { method: 'GET', path: '/fp/jobs/some/groups', permission: 'fp-jobs.read' },
  { method: 'GET', path: '/fp/jobs/some/history?range=hour', permission: 'fp-jobs.read' },
  { method: 'POST', path: '/fp/jobs/some/retry_all', permission: 'fp-jobs.write' },
  { method: 'GET', path: '/fp/metrics', permission: 'fp-metrics.read' },
];

/** A permission next to the required one. */
const insufficient: Record<string, string> = {
  'flows.write': 'flows.read',
  'fp-jobs.read': 'flows.read',
  'fp-jobs.write': 'fp-jobs.read',
  'fp-metrics.read': 'fp-jobs.read',
};

describe('the admin endpoints, where the editor has a login', function () {
  let url: string;
  let stop: () => Promise<void>;

  before(async () => {
    ({ url, stop } = await startGuarded({
      users: '[]',
      tokens: 'async (token) => ({ username: token, permissions: token })',
    }));
  });
  after(() => stop());

  /** The token is the permission that it gives. */
  const ask = async ({ method, path }: { method: string; path: string }, token?: string) => {
    const headers = {
      'content-type': 'application/json',
      ...(token && { authorization: `Bearer ${token}` }),
    };
    const { status } = await fetch(url + path, { method, headers, ...(method === 'POST' && { body: '{}' }) });
    return status;
  };

  for (const endpoint of endpoints) {
    const { path, permission } = endpoint;
    it(`${path} needs ${permission}`, async () => {
      assert.equal(await ask(endpoint), 401);
      assert.equal(await ask(endpoint, insufficient[permission] ?? 'nodes.read'), 401);
      assert.notEqual(await ask(endpoint, permission), 401);
    });
  }
});

describe('the admin endpoints, where the editor has no login', () => {
  const posts = endpoints.filter(({ method }) => method === 'POST');
  const forms = ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'];

  for (const { path } of posts) {
    it(`${path} takes JSON only, which no form of another site can send`, async () => {
      const { url } = await sharedNodeRed();
      const status = async (type: string) => {
        const headers = { 'content-type': type };
        return (await fetch(new URL(path, url), { method: 'POST', headers, body: '{}' })).status;
      };
      assert.deepEqual(await Promise.all(forms.map(status)), [415, 415, 415]);
      assert.notEqual(await status('application/json'), 415);
    });
  }
});
