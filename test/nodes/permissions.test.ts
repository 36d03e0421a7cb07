import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { newestNodeRed, prepareUserDir } from '../../scripts/node-red-home.ts';
import { sharedNodeRed } from '../helpers/node-red.ts';
import { answers, freePort, temporaryDirectory } from '../helpers/servers.ts';
import { until } from '../helpers/until.ts';

const root = join(__dirname, '../../..');

/** What each of the package's own endpoints asks for. */
const endpoints = [
  { method: 'POST', path: '/fp/test/fp-mqtt-config', permission: 'flows.write' },
  { method: 'POST', path: '/fp/test/fp-queue-config', permission: 'flows.write' },
  { method: 'POST', path: '/fp/test/fp-project-config', permission: 'flows.write' },
  { method: 'POST', path: '/fp/yaml/read', permission: 'flows.write' },
  { method: 'POST', path: '/fp/yaml/write', permission: 'flows.read' },
  { method: 'GET', path: '/fp/variables?names=A', permission: 'flows.read' },
  { method: 'GET', path: '/fp/projects/some/pipelines', permission: 'flows.read' },
  { method: 'GET', path: '/fp/jobs', permission: 'fp-jobs.read' },
  { method: 'GET', path: '/fp/jobs/some/state', permission: 'fp-jobs.read' },
  { method: 'GET', path: '/fp/jobs/some/list?state=dead', permission: 'fp-jobs.read' },
  { method: 'GET', path: '/fp/jobs/some/job?id=1', permission: 'fp-jobs.read' },
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
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    stop = await startGuarded(port);
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

async function startGuarded(port: number): Promise<() => Promise<void>> {
  const userDir = temporaryDirectory('guarded');
  prepareUserDir(userDir, root);
  const home = join(root, 'dist/scripts/node-red-home.js');
  const settings = join(userDir, 'settings.js');
  writeFileSync(
    settings,
    `const { localSettings } = require(${JSON.stringify(home)});
    const tokens = async (token) => ({ username: token, permissions: token });
    const adminAuth = { type: 'credentials', users: [], tokens };
    const flowerpowerMqtt = { metrics: true };
    module.exports = { ...localSettings(${JSON.stringify(userDir)}, ${port}), adminAuth, flowerpowerMqtt };`,
  );
  const red = require.resolve(`${newestNodeRed()}/red.js`);
  const child = spawn(process.execPath, [red, '-u', userDir, '-s', settings], { stdio: 'ignore' });
  const ended = once(child, 'exit');
  await until('Node-RED answers', () => answers(port), 60_000);
  return async () => {
    child.kill();
    await ended;
  };
}
