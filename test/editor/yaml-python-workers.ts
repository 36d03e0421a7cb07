import assert from 'node:assert/strict';
import { configFiles } from '../helpers/config-files.ts';
import { describeEditor } from '../helpers/describe-editor.ts';
import { ImportDialog } from '../helpers/import-dialog.ts';
import { overlaps } from '../helpers/overlaps.ts';
import { sharedMosquitto } from '../helpers/mosquitto.ts';
import { sharedRedis } from '../helpers/redis.ts';
import { until } from '../helpers/until.ts';

const file = () =>
  (configFiles['python workers'] ?? '')
    .replace('subscriptions:', `mqtt: {broker: "127.0.0.1", port: ${sharedMosquitto().port}}\nsubscriptions:`)
    .replace('cache.example.com:6379', `127.0.0.1:${sharedRedis().port}`);
const PYTHON = /^type rq: Python runs these jobs: rq worker mqtt_pipelines; keep those processes$/;
const NODE_RED = /^type rq: jobs will run in Node-RED/;

describeEditor('a file of Python workers in the editor', ['mosquitto', 'redis'], (editor) => {
  it('shows what the file says, keeps them if the box is ticked, and says in a sentence what each way means', async () => {
    const dialog = new ImportDialog(editor());
    await dialog.open();
    const keep = editor().page.locator('#fp-yaml-keep');
    await dialog.choose('plant.yml', file());
    assert.ok((await dialog.preview()).some((line) => PYTHON.test(line)));
    assert.equal(await keep.isChecked(), true);
    await dialog.choose('plant.yml', file().replace('  workers: "python"\n', ''));
    const says = (words: RegExp) =>
      until(`it says ${words}`, async () => (await dialog.preview()).some((line) => words.test(line)));
    await says(NODE_RED);
    assert.equal(await keep.isChecked(), false);
    await keep.check();
    await says(PYTHON);
    await keep.uncheck();
    await says(NODE_RED);
    await keep.check();
    await says(PYTHON);
    await editor().picture('yaml python workers');
    await dialog.import();
    assert.deepEqual(await editor().ids('fp-worker'), []);
    assert.deepEqual(await overlaps(editor()), []);
    await editor().deploy();
    const [enqueue = ''] = await editor().ids('fp-enqueue');
    await editor().untilStatus(enqueue, /connected/);
    const queue = (await editor().nodes()).find(({ type }) => type === 'fp-queue-config');
    assert.equal(queue?.valid, true);
  });
});
