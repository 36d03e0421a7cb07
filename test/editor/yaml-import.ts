import assert from 'node:assert/strict';
import type { Node } from 'node-red';
import { configFiles } from '../helpers/config-files.ts';
import { describeEditor } from '../helpers/describe-editor.ts';
import { ImportDialog } from '../helpers/import-dialog.ts';
import { sharedMosquitto } from '../helpers/mosquitto.ts';
import { overlaps } from '../helpers/overlaps.ts';
import { projectWith } from '../helpers/project.ts';
import { publisher } from '../helpers/publisher.ts';
import { sharedRedis } from '../helpers/redis.ts';
import { unique } from '../helpers/unique.ts';
import { until } from '../helpers/until.ts';

const summary = (subscriptions: [string, string, string][], more = '') => `
mqtt: {broker: "127.0.0.1"}
subscriptions:
${subscriptions.map(([topic, pipeline, mode]) => `  - {topic: "${topic}", pipeline: "${pipeline}", execution_mode: "${mode}"}`).join('\n')}
${more}`;

describeEditor('a YAML file in the editor', ['mosquitto', 'redis'], (editor) => {
  const importFile = async (name: string, text: string) => {
    const dialog = new ImportDialog(editor());
    await dialog.open();
    await dialog.choose(name, text);
    await dialog.import();
  };
  const evaluate = <T>(expression: string) => editor().page.evaluate<T>(expression);
  const idOf = (name: string) =>
    evaluate<string>(`RED.nodes.filterNodes({}).find((node) => node.name === '${name}').id`);
  const topics = async () =>
    evaluate<string[]>("RED.nodes.filterNodes({ type: 'fp-subscribe' }).map(({ topic }) => topic).sort()");

  it('shows problems next to their lines, and cannot be imported with an error, or between a change and the answer', async () => {
    const dialog = new ImportDialog(editor());
    await dialog.openFromMenu();
    await dialog.choose(
      'wrong.yml',
      'mqtt:\n  port: 99999\nsubscriptions:\n  - topic: "a/#/b"\n    pipline: "p"\n',
    );
    await until('the problems are there', async () => (await dialog.problems()).length === 4);
    assert.deepEqual(await dialog.problems(), [
      'line 2 mqtt.port must be a whole number from 1 to 65535, found 99999',
      'line 4 subscriptions[0].pipeline is missing',
      'line 4 subscriptions[0].topic may have # only as its last level, as in a/b/#',
      'line 5 subscriptions[0].pipline is unknown: did you mean pipeline?',
    ]);
    assert.ok(await editor().page.locator('#fp-yaml-import').isDisabled());
    await editor().page.locator('.monaco-editor .squiggly-error').first().waitFor();
    await editor().picture('yaml wrong');

    await dialog.choose('first.yml', summary([['first', 'p', 'sync']]));
    assert.ok((await dialog.preview()).length > 0);
    await evaluate(
      "$('#fp-yaml-tab').val('second').trigger('input') && $('#fp-yaml-import').trigger('click') && true",
    );
    assert.deepEqual(await topics(), []);
    await dialog.import();
    assert.deepEqual(await topics(), ['first']);
  });

  it('becomes a tab that deploys and runs messages', async () => {
    const mosquitto = sharedMosquitto();
    const redis = sharedRedis();
    const topic = unique('yaml');
    const base_dir = projectWith({
      'later.mjs': 'export default (i) => i;',
      'now.mjs': 'export default (i) => i;',
    });
    const dialog = new ImportDialog(editor());
    await dialog.open();
    await dialog.choose(
      'plant.yml',
      `mqtt:
  broker: "127.0.0.1"
  port: ${mosquitto.port}
  client_id: "${unique('client')}"
  username: "user"
  password: "secret"
subscriptions:
  - topic: "${topic}/later"
    pipeline: "later"
    qos: 1
    execution_mode: "async"
  - topic: "${topic}/now/+"
    pipeline: "now"
    qos: 1
  - topic: "${topic}/by/qos"
    pipeline: "later"
    qos: 2
    execution_mode: "mixed"
job_queue:
  enabled: true
  type: "rq"
  redis_url: "redis://127.0.0.1:${redis.port}"
  queue_name: "${unique('queue')}"
  worker_count: 2
base_dir: "${base_dir}"
`,
    );
    assert.ok(await editor().page.locator('#fp-yaml-again').isHidden());
    const preview = await dialog.preview();
    assert.ok(preview.some((line) => line.includes('/later → later (QoS 1, async)')));
    assert.ok(preview.some((line) => line.includes('jobs will run in Node-RED')));
    assert.equal(await editor().page.locator('#fp-yaml-keep').isChecked(), false);
    await editor().picture('yaml right');
    await dialog.import();
    await editor().picture('yaml tab');
    await editor().deploy();
    const red = editor().nodeRed;
    const ids = await Promise.all(
      ['fp-subscribe', 'fp-worker', 'fp-pipeline', 'debug'].map((type) => editor().ids(type)),
    );
    const [subscribers = [], [worker = ''] = []] = ids;
    for (const id of subscribers) await editor().untilStatus(id, /received/);
    const invalid = (await editor().nodes()).filter(({ valid }) => !valid);
    assert.deepEqual(invalid, []);
    const client = await publisher(mosquitto);
    await client.publishAsync(`${topic}/later`, '1', { qos: 1 });
    await client.publishAsync(`${topic}/by/qos`, '2', { qos: 1 });
    await client.publishAsync(`${topic}/now/1`, '3', { qos: 1 });
    await editor().untilStatus(worker, /\b2\/min/);
    await until('all were counted', () =>
      subscribers.every((id) => /1 received/.test(red.status(id).text ?? '')),
    );
    await client.endAsync();
    const flows = await red.saved();
    assert.ok(!flows.includes('secret'), 'the password is a credential');
    const [broker = ''] = (await editor().nodes())
      .filter(({ type }) => type === 'fp-mqtt-config')
      .map(({ id }) => id);
    const { credentials } = red.node<Node & { credentials: object }>(broker);
    assert.deepEqual({ ...credentials }, { username: 'user', password: 'secret' });
  });

  for (const [name, text] of Object.entries(configFiles)) {
    // The file with every option needs servers to deploy, see yaml-every-option.ts.
    if (!text.includes('topic:') || name === 'every option') continue;
    it(`with ${name} becomes a valid tab without overlapping nodes`, async () => {
      const dialog = new ImportDialog(editor());
      await dialog.open();
      await dialog.choose(`${name}.yml`, text);
      await editor().picture(`yaml dialog ${name}`, editor().page.locator('.red-ui-tray').last());
      await dialog.import();
      const nodes = await editor().nodes();
      assert.deepEqual(
        nodes.filter(({ valid, type }) => !valid || type === 'unknown'),
        [],
      );
      const count = nodes.filter(({ type }) => type === 'fp-subscribe').length;
      assert.equal(count, [...text.matchAll(/topic:/g)].length);
      assert.deepEqual(await overlaps(editor()), []);
      await editor().picture(`yaml file ${name}`);
    });
  }

  it("that is imported again is reported as unchanged, or updates its tab in one step and keeps the user's nodes", async () => {
    const first = summary([
      ['a', 'p', 'async'],
      ['b', 'p', 'sync'],
    ]);
    await importFile('twice.yml', first);
    await importFile('twice.yml', first);
    await editor().untilNotified('The flow already matches the file');
    const tab = await evaluate<string>('RED.workspaces.active()');
    await editor().import([{ id: 'own', type: 'debug', name: 'own', z: tab, x: 700, y: 900, wires: [] }]);
    const [own, pipeline] = [await idOf('own'), await idOf('run job')];
    await evaluate(
      `RED.nodes.addLink({ source: RED.nodes.node('${pipeline}'), sourcePort: 0, target: RED.nodes.node('${own}') })`,
    );
    await importFile(
      'twice.yml',
      summary(
        [
          ['a', 'p', 'async'],
          ['c', 'p', 'sync'],
        ],
        'base_dir: "/new"',
      ),
    );
    assert.deepEqual(await topics(), ['a', 'c']);
    assert.equal(await evaluate<number>("RED.nodes.filterNodes({ type: 'fp-worker' }).length"), 1);
    const wires = () =>
      evaluate<number>(
        `RED.nodes.filterLinks({ source: { id: '${pipeline}' } }).filter(({ target }) => target.id === '${own}').length`,
      );
    assert.equal(await wires(), 1, 'the wire to the own node is still there');
    assert.deepEqual(await overlaps(editor()), []);
    await editor().picture('yaml twice');
    await evaluate("RED.actions.invoke('core:undo')");
    assert.deepEqual(await topics(), ['a', 'b'], 'one step takes it back');
    await evaluate("RED.actions.invoke('core:redo')");
    assert.deepEqual(await topics(), ['a', 'c']);
  });

  it('that is imported again with many more subscriptions has no overlapping nodes', async () => {
    const some = (count: number) =>
      Array.from({ length: count }, (_, i) => [`topic ${i}`, 'p', 'async'] as [string, string, string]);
    await importFile('growing.yml', summary(some(1)));
    for (const count of [2, 9]) {
      await importFile('growing.yml', summary(some(count)));
      assert.equal((await topics()).length, count);
      assert.deepEqual(await overlaps(editor()), []);
    }
    await editor().picture('yaml grown');
  });

  it('is exported without secrets, and with notes about parts that it cannot represent', async () => {
    await importFile(
      'back.yml',
      summary(
        [['a/#', 'p', 'mixed']],
        'job_queue: {enabled: true, redis_url: "redis://:s3cret@h:1", worker_count: 7}',
      ),
    );
    const tab = await evaluate<string>('RED.workspaces.active()');
    await editor().import([{ id: 'f', type: 'function', z: tab, x: 700, y: 600, wires: [[]] }]);
    await evaluate("RED.actions.invoke('flowerpower:export-yaml')");
    const { page } = editor();
    await page.locator('#fp-yaml-text .monaco-editor').waitFor();
    await editor().stands();
    const shown = page.locator('#fp-yaml-text .view-line');
    // The code editor draws its lines after it is there.
    await shown.filter({ hasText: 'worker_count' }).waitFor();
    const lines = await shown.allTextContents();
    const text = lines.join('\n').replaceAll('\u00a0', ' ');
    assert.match(text, /topic: "a\/#"/);
    assert.match(text, /worker_count: 7/);
    assert.match(text, /password: "\$\{QUEUE_PASSWORD\}"/);
    assert.doesNotMatch(text, /s3cret/);
    const notes = (await page.locator('#fp-yaml-notes li').allTextContents()).join('\n');
    assert.match(notes, /nodes of other kinds are left out: function/);
    assert.match(notes, /QUEUE_PASSWORD/);
    await editor().picture('yaml export');
    await page.locator('#fp-yaml-close').click();
  });
});
