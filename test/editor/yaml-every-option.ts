import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sections, writeConfig } from '../../src/index.ts';
import { selfSigned } from '../helpers/certificate.ts';
import { configFiles } from '../helpers/config-files.ts';
import { valid } from '../helpers/config.ts';
import { describeEditor } from '../helpers/describe-editor.ts';
import { ImportDialog } from '../helpers/import-dialog.ts';
import { startMosquitto } from '../helpers/mosquitto.ts';
import { overlaps } from '../helpers/overlaps.ts';
import { sharedPostgres } from '../helpers/postgres.ts';
import { projectWith } from '../helpers/project.ts';
import { temporaryDirectory } from '../helpers/servers.ts';
import { unique } from '../helpers/unique.ts';

const every = configFiles['every option'] ?? '';

describe('the file with every option', () => {
  it('has every key', () => {
    for (const key of Object.values(sections).flatMap(Object.keys)) {
      assert.match(every, new RegExp(`\\b${key}:`), key);
    }
  });
});

describeEditor('a YAML file with every option', ['mosquitto', 'openssl', 'postgres'], (editor) => {
  it('becomes a valid tab without overlapping nodes, deploys without mistakes, and is unchanged by a second import', async () => {
    const { key, cert } = selfSigned();
    const tls = [`certfile ${cert}`, `keyfile ${key}`, `cafile ${cert}`, 'require_certificate true'];
    const server = await startMosquitto({ config: ['allow_anonymous true', ...tls] });
    const postgres = sharedPostgres();
    const text = fileFor({ key, cert, port: server.port, postgres: postgres.port });

    const importFile = async () => {
      const dialog = new ImportDialog(editor());
      await dialog.open();
      await dialog.choose('every option.yml', text);
      assert.ok((await dialog.preview()).length > 0);
      await dialog.import();
    };
    await importFile();
    assert.deepEqual(await overlaps(editor()), []);
    const subscribers = await editor().ids('fp-subscribe');
    assert.equal(subscribers.length, [...text.matchAll(/topic:/g)].length);
    await editor().deploy();
    for (const id of subscribers) await editor().untilStatus(id, /received/);
    for (const id of await editor().ids('fp-worker')) await editor().untilStatus(id, /ready/);
    assert.deepEqual(editor().nodeRed.log, []);
    const invalid = (await editor().nodes()).filter(
      ({ valid: isValid, type }) => !isValid || type === 'unknown',
    );
    assert.deepEqual(invalid, []);

    await importFile();
    await editor().untilNotified('The flow already matches the file');
    assert.ok(await editor().clear(), 'nothing connects to the broker any more');
    await server.stop();
  });
});

interface Servers {
  key: string;
  cert: string;
  port: number;
  postgres: number;
}

/** Returns the file with servers and paths of this machine. */
function fileFor({ key, cert, port, postgres }: Servers): string {
  const config = valid(every);
  const proto_file = join(temporaryDirectory('proto'), 'plant.proto');
  writeFileSync(proto_file, 'syntax = "proto3"; package plant; message Reading { double celsius = 1; }');
  Object.assign(process.env, {
    GATEWAY: unique('gateway'),
    MQTT_USER: 'me',
    MQTT_PASSWORD: 'secret',
    PIPELINES: projectWith({ 'p.mjs': 'export default (inputs) => inputs;' }),
  });
  const broker = { broker: 'mqtts://127.0.0.1', port, tls_ca: cert, tls_cert: cert, tls_key: key };
  const queue = { postgres_url: `postgres://127.0.0.1:${postgres}/postgres`, username: 'postgres' };
  return writeConfig({
    ...config,
    mqtt: { ...config.mqtt, ...broker },
    subscriptions: config.subscriptions.map((one) => (one['proto_file'] ? { ...one, proto_file } : one)),
    job_queue: { ...config.job_queue, ...queue, queue_name: unique('queue') },
  });
}
