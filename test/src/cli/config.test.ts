import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sections } from '../../../src/index.ts';
import { command } from '../../helpers/command.ts';
import { configFiles, wrongFile } from '../../helpers/config-files.ts';
import { valid } from '../../helpers/config.ts';
import { temporaryDirectory } from '../../helpers/servers.ts';

describe('fp-mqtt config', () => {
  const written = (text: string) => {
    const file = join(temporaryDirectory('config'), 'mqtt_config.yml');
    writeFileSync(file, text);
    return file;
  };

  it('create writes a file that is valid and has every option, and never over another one', async () => {
    const file = join(temporaryDirectory('config'), 'mqtt_config.yml');
    assert.equal((await command('config', 'create', file)).code, 0);
    const text = readFileSync(file, 'utf8');
    for (const option of Object.values(sections).flatMap(Object.keys)) {
      assert.match(text, new RegExp(`^ *(- )?#?${option}:`, 'm'));
    }
    const { subscriptions, job_queue } = valid(text);
    assert.deepEqual([subscriptions.length, job_queue.store], [1, 'embedded']);
    const again = await command('config', 'create', file);
    assert.deepEqual([again.code, readFileSync(file, 'utf8')], [2, text]);
    assert.match(again.warnings, /is there already/);
  });

  it('create writes in its comments what a file means that does not say it', async () => {
    const { output } = await command('config', 'create', '-');
    const said = valid(output.replaceAll(/^( *)#([a-z])/gm, '$1$2'));
    assert.deepEqual(said, valid(output));
  });

  it('validate lists every mistake with its line and column', async () => {
    const file = written(wrongFile);
    const { code, output } = await command('config', 'validate', file);
    assert.equal(code, 1);
    const lines = output.trim().split('\n');
    assert.equal(lines.length, 12);
    assert.match(lines[1] ?? '', /:3:9: mqtt\.port must be a whole number from 1 to 65535.* \(error\)$/);
    assert.match(lines[3] ?? '', /:5:3: mqtt\.clientid is unknown: did you mean client_id\? \(warning\)$/);
    const { output: asJson } = await command('config', 'validate', file, '--json');
    assert.equal(JSON.parse(asJson).length, 12);
  });

  it('validate says what a valid file has', async () => {
    const file = written(configFiles['plant'] ?? '');
    const { code, output } = await command('config', 'validate', file);
    assert.deepEqual(
      [code, output],
      [0, `${file} is valid: 2 subscriptions, queue mqtt_pipelines (redis)\n`],
    );
  });

  it('show fills in defaults and environment variables, and hides secrets', async () => {
    const file = written(
      'mqtt: {broker: "${FP_TEST_BROKER}", username: "me", password: "secret"}\njob_queue: {redis_url: "redis://u:other@h"}\n',
    );
    process.env['FP_TEST_BROKER'] = 'broker.example.com';
    try {
      const { output } = await command('config', 'show', file, '--json');
      const { mqtt, job_queue } = JSON.parse(output);
      assert.deepEqual(
        [mqtt.broker, mqtt.keepalive, mqtt.username, mqtt.password],
        ['broker.example.com', 60, '********', '********'],
      );
      assert.deepEqual([job_queue.redis_url, job_queue.password], ['redis://h', '********']);
      const { output: yaml } = await command('config', 'show', file);
      assert.ok(/broker: broker\.example\.com/.test(yaml) && !/secret|other/.test(yaml));
    } finally {
      delete process.env['FP_TEST_BROKER'];
    }
  });

  it('subscriptions lists what a file subscribes to', async () => {
    const { output } = await command('subscriptions', written(configFiles['plant'] ?? ''));
    assert.deepEqual(output.split('\n').slice(0, 2), [
      'TOPIC               QOS  MODE   FORMAT  PIPELINE',
      'hall/+/temperature  1    async  auto    temperature',
    ]);
  });

  it('a file with a mistake is one line, with its place', async () => {
    const { code, warnings } = await command('subscriptions', written('mqtt: {port: 0, keepalive: -1}\n'));
    assert.equal(code, 1);
    assert.match(
      warnings,
      /^fp-mqtt: .*mqtt_config\.yml:1:14: mqtt\.port must be .* \(and 1 more: fp-mqtt config validate .*\)\n$/,
    );
  });

  it('a file that is not there is told with the verb that makes one', async () => {
    const { code, warnings } = await command('config', 'show', '/no/such/file.yml');
    assert.deepEqual(
      [code, warnings],
      [1, 'fp-mqtt: there is no file /no/such/file.yml: fp-mqtt config create /no/such/file.yml makes one\n'],
    );
  });
});
