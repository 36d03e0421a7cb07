import assert from 'node:assert/strict';
import { bareEnvironment } from '../../../src/base/bare-environment.ts';

describe('the environment of a process that needs none of Node-RED', () => {
  const given = {
    NODE_RED_CREDENTIAL_SECRET: 'secret',
    REDIS_PASSWORD: 'secret',
    NODE_OPTIONS: '--trace-warnings',
    NODE_EXTRA_CA_CERTS: '/ca.pem',
  };
  const before = { ...process.env };

  beforeEach(() => void Object.assign(process.env, given));
  afterEach(() => {
    for (const name of Object.keys(given)) {
      if (before[name] === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = before[name];
    }
  });

  it('has what Node.js reads, and no secret', () => {
    const environment = bareEnvironment();
    assert.equal(environment['NODE_OPTIONS'], '--trace-warnings');
    assert.equal(environment['NODE_EXTRA_CA_CERTS'], '/ca.pem');
    assert.equal(environment['PATH'], process.env['PATH']);
    assert.doesNotMatch(JSON.stringify(environment), /secret/);
  });
});
