import assert from 'node:assert/strict';
import { builtOnce } from '../helpers/built-once.ts';
import { describeEditor } from '../helpers/describe-editor.ts';
import type { Editor } from '../helpers/editor.ts';
import { sharedMosquitto } from '../helpers/mosquitto.ts';
import { publisher } from '../helpers/publisher.ts';
import { storeCases } from '../helpers/stores.ts';
import { unique } from '../helpers/unique.ts';

const topic = unique('mouse');

/** A flow with a queue in the embedded store. */
const buildFlow = builtOnce(async (editor) => {
  const nodes = await dragAll(editor);
  await configure(editor, nodes, await storeCases[0]!.address());
  await editor.wire(nodes.subscribe, 0, nodes.enqueue);
  await editor.wire(nodes.worker, 0, nodes.debug);
  return nodes;
});

for (const { kind, servers, address } of storeCases) {
  describeEditor(`a flow built with the mouse (${kind})`, ['mosquitto', ...servers], (editor) => {
    it('receives, enqueues, runs and counts what a client publishes', async () => {
      const nodes = await buildFlow(editor());
      if (kind !== 'embedded') await changeStore(editor(), nodes, await address());
      await editor().deploy();
      await editor().untilStatus(nodes.worker, /ready/);
      await editor().untilStatus(nodes.subscribe, /0 received/);
      await editor().picture(`flow on ${kind}`);

      const client = await publisher({ port: sharedMosquitto().port });
      for (const number of [1, 2, 3]) await client.publishAsync(`${topic}/a`, `${number}`, { qos: 1 });
      await client.endAsync();

      await editor().untilStatus(nodes.subscribe, /3 received/);
      await editor().untilStatus(nodes.enqueue, /\b3\/min/);
      await editor().untilStatus(nodes.worker, /\b3\/min/);
      await editor().untilStatus(nodes.stats, /^0 waiting$/);
      await editor().picture(`flow on ${kind} has run`);
      assert.deepEqual(editor().nodeRed.log, []);
    });
  });
}

interface Nodes {
  subscribe: string;
  enqueue: string;
  worker: string;
  stats: string;
  debug: string;
}

async function dragAll(editor: Editor): Promise<Nodes> {
  return {
    subscribe: await editor.drag('fp-subscribe', { x: 160, y: 100 }),
    enqueue: await editor.drag('fp-enqueue', { x: 420, y: 100 }),
    worker: await editor.drag('fp-worker', { x: 160, y: 220 }),
    debug: await editor.drag('debug', { x: 420, y: 220 }),
    stats: await editor.drag('fp-stats', { x: 160, y: 320 }),
  };
}

async function configure(editor: Editor, nodes: Nodes, store: object): Promise<void> {
  await editor.edit(nodes.subscribe);
  await editor.addConfig('broker');
  await editor.fillIn({ broker: '127.0.0.1', port: `${sharedMosquitto().port}` });
  await editor.finish();
  await editor.fillIn({ topic: `${topic}/#`, pipeline: 'mouse' });
  await editor.finish();

  await editor.edit(nodes.enqueue);
  await editor.addConfig('queue');
  await editor.fillIn({ ...store, queue_name: topic });
  await editor.finish();
  await editor.finish();

  // The editor selects the only config node of a type for a new node, but not for an existing one.
  for (const id of [nodes.worker, nodes.stats]) {
    await editor.edit(id);
    await editor.chooseConfig('queue', 'fp-queue-config');
    if (id === nodes.stats) {
      await editor.chooseConfig('broker', 'fp-mqtt-config');
      await editor.fillIn({ interval: '1' });
    }
    await editor.finish();
  }
}

/** Changes the store of the queue in its dialog. */
async function changeStore(editor: Editor, { enqueue }: Nodes, store: object): Promise<void> {
  await editor.edit(enqueue);
  await editor.page.locator('#node-input-btn-queue-edit').click();
  await editor.page.locator('#node-config-dialog-ok').waitFor();
  await editor.stands();
  await editor.fillIn(store);
  await editor.finish();
  await editor.finish();
}
