import assert from 'node:assert/strict';
import { describeEditor } from '../helpers/describe-editor.ts';

describeEditor('the palette', [], (editor) => {
  const search = '#red-ui-palette-search input';

  afterEach(() => editor().page.fill(search, ''));

  for (const [word, types] of [
    ['mqtt', ['fp-subscribe', 'fp-enqueue', 'fp-worker']],
    ['queue', ['fp-enqueue', 'fp-worker', 'fp-job', 'fp-stats', 'fp-control']],
    ['retry', ['fp-worker', 'fp-job', 'fp-control']],
  ] as const) {
    it(`shows nodes of this package to who looks for "${word}"`, async () => {
      const { page } = editor();
      await page.fill(search, word);
      for (const type of types)
        await page.locator(`.red-ui-palette-node[data-palette-type="${type}"]`).waitFor({ state: 'visible' });
    });
  }
});

describeEditor('a node of a queue', [], (editor) => {
  it('is labelled by the name of the queue', async () => {
    const id = await editor().drag('fp-enqueue', { x: 200, y: 100 });
    await editor().edit(id);
    await editor().addConfig('queue');
    await editor().fillIn({ queue_name: 'orders' });
    await editor().finish();
    await editor().finish();
    assert.equal(
      await editor().page.evaluate(`RED.utils.getNodeLabel(RED.nodes.node(${JSON.stringify(id)}))`),
      'orders',
    );
  });
});
