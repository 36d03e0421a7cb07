import assert from 'node:assert/strict';
import { builtOnce } from '../helpers/built-once.ts';
import { describeEditor } from '../helpers/describe-editor.ts';

const place = builtOnce(async (editor) => ({
  node: await editor.drag('fp-subscribe', { x: 160, y: 120 }),
  pipeline: await editor.drag('debug', { x: 420, y: 80 }),
  enqueue: await editor.drag('fp-enqueue', { x: 420, y: 160 }),
}));

describeEditor('the outputs of fp-subscribe', [], (editor) => {
  let node: string;
  let pipeline: string;
  let enqueue: string;

  beforeEach(async () => {
    ({ node, pipeline, enqueue } = await place(editor()));
  });

  const choose = async (execution_mode: string) => {
    await editor().edit(node);
    await editor().fillIn({ execution_mode });
    await editor().finish();
  };
  const names = () =>
    editor().page.evaluate<string[]>(
      `(() => { const node = RED.nodes.node('${node}'); return [0, 1].slice(0, node.outputs).map((i) => node._def.outputLabels.call(node, i)); })()`,
    );
  const undo = () => editor().page.evaluate("RED.actions.invoke('core:undo')");

  it('are one in a new node', async () => {
    assert.deepEqual(await editor().wires(node), [[]]);
  });

  it('keep the wire to the queue when the mode changes to mixed and back, all when a dialog is closed without a change, and come back by an undo', async () => {
    await editor().wire(node, 0, enqueue);
    await choose('mixed');
    assert.deepEqual(await editor().wires(node), [[], [enqueue]]);
    await editor().edit(node);
    await editor().finish();
    assert.deepEqual(await editor().wires(node), [[], [enqueue]]);
    await editor().wire(node, 0, pipeline);
    assert.deepEqual(await editor().wires(node), [[pipeline], [enqueue]]);
    await editor().picture('outputs mixed');
    await choose('async');
    assert.deepEqual(await editor().wires(node), [[enqueue]]);
    await editor().picture('outputs async');
    await undo();
    assert.deepEqual(await editor().wires(node), [[pipeline], [enqueue]]);
  });

  it('keep the wire to the pipeline when the mode changes to mixed and back, and are named by the mode', async () => {
    assert.deepEqual(await names(), ['enqueue']);
    await choose('sync');
    assert.deepEqual(await names(), ['run now']);
    await editor().wire(node, 0, pipeline);
    await choose('mixed');
    assert.deepEqual(await names(), ['run now', 'enqueue']);
    assert.deepEqual(await editor().wires(node), [[pipeline], []]);
    await editor().wire(node, 1, enqueue);
    await choose('sync');
    assert.deepEqual(await editor().wires(node), [[pipeline]]);
  });
});
