import assert from 'node:assert/strict';
import { describeEditor } from '../helpers/describe-editor.ts';
import { openNew } from '../helpers/new-node.ts';
import { projectWith } from '../helpers/project.ts';
import { flowerpowerPython } from '../helpers/python.ts';

describeEditor('the dialogs of pipelines', ['flowerpower'], (editor) => {
  it('a project shows the versions of Python and FlowerPower; fp-pipeline offers files and link in nodes', async () => {
    const base_dir = projectWith({ 'clean.py': 'x = 1', 'primes.mjs': 'export default () => 1;' });
    await editor().import([
      { id: 'l', type: 'link in', name: 'subroutine', x: 200, y: 300, links: [], wires: [[]] },
    ]);
    const pipeline = await editor().drag('fp-pipeline', { x: 200, y: 100 });
    await editor().edit(pipeline);
    await editor().addConfig('project');
    await editor().fillIn({ base_dir, python: flowerpowerPython ?? '' });
    await editor().testConnection(/2 pipelines; Python 3\.\d+\.\d+, FlowerPower \d/);
    await editor().picture('project');
    await editor().finish();
    await editor().finish();
    await editor().deploy();
    await editor().edit(pipeline);
    const { page } = editor();
    await editor().field('pipeline').click();
    const menu = page.locator('.red-ui-autoComplete-container:visible');
    await menu.getByText('subroutine').waitFor();
    await editor().picture('pipeline');
    const text = (await menu.textContent()) ?? '';
    for (const name of ['clean', 'primes', 'subroutine'])
      assert.ok(text.includes(name), `${name} in ${text}`);
    await menu.getByText('primes').click();
    assert.equal(await editor().field('pipeline').inputValue(), 'primes');
    await editor().finish();
    assert.deepEqual(
      (await editor().nodes()).filter(({ valid }) => !valid),
      [],
    );
  });

  it('fp-job shows the fields of its action', async () => {
    await openNew(editor(), 'fp-job');
    const isShown = async (field: string) => editor().field(field).isVisible();
    await editor().picture('job');
    assert.deepEqual([await isShown('again'), await isShown('delay')], [false, false]);
    await editor().fillIn({ action: 'fail' });
    assert.deepEqual([await isShown('again'), await isShown('delay')], [true, false]);
    await editor().fillIn({ action: 'give_back', delay: '0' });
    assert.deepEqual([await isShown('again'), await isShown('delay')], [false, true]);
    await editor().untilMistake(editor().field('delay'), /from 0.1 to/);
  });
});
