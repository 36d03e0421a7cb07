import assert from 'node:assert/strict';
import { describeEditor } from '../helpers/describe-editor.ts';
import { tabOf } from '../helpers/dialog-tabs.ts';
import { openNew } from '../helpers/new-node.ts';
import { unique } from '../helpers/unique.ts';
import { until } from '../helpers/until.ts';

describeEditor('a field that names an environment variable', [], (editor) => {
  const warnings = () => editor().page.locator('.fp-unset-variable:visible');
  const untilWarning = (name: string) =>
    warnings()
      .filter({ hasText: `${name} is not set` })
      .first()
      .waitFor();
  const untilNoWarning = () => until('no field warns', async () => (await warnings().count()) === 0);

  it('shows a warning only if the variable is not set', async () => {
    const [set, unset] = [unique('SET'), unique('UNSET')];
    process.env[set] = '10.0.0.1';
    await openNew(editor(), 'fp-subscribe');
    await editor().fillIn({ topic: `\${${unset}}` });
    await untilWarning(unset);
    await editor().picture('unset variable');
    // When the second field's warning is shown, a wrong one of the first field would be shown, too.
    await editor().fillIn({ topic: `\${${set}}`, pipeline: `\${${unset}_2}` });
    await untilWarning(`${unset}_2`);
    assert.equal(await warnings().count(), 1);
    await editor().fillIn({ pipeline: 'p' });
    await editor().addConfig('broker');
    await editor().fillIn({ broker: `$(${unset})` });
    await untilWarning(unset);
    // On another tab.
    await editor().fillIn({ username: `\${${unset}}` });
    await untilWarning(unset);
    await editor().picture('unset variable of a broker');
    const mark = tabOf(editor().page, 'connection').locator('.fp-tab-mistake');
    await mark.waitFor({ state: 'visible' });
    await editor().fillIn({ broker: 'h', username: 'me' });
    await untilNoWarning();
    await mark.waitFor({ state: 'hidden' });
  });

  it('shows a warning when the dialog opens, but does not prevent a deploy', async () => {
    const unset = unique('UNSET');
    const node = { type: 'fp-enqueue', queue: 'q', priority: `\${${unset}}`, x: 200, y: 100, wires: [] };
    await editor().import([
      { id: 'n', ...node },
      { id: 'q', type: 'fp-queue-config' },
    ]);
    const [id = ''] = await editor().ids('fp-enqueue');
    assert.deepEqual(await editor().mistakes(id), []);
    await editor().edit(id);
    await untilWarning(unset);
    await editor().picture('unset variable of a typed input');
  });

  it('shows no warning for a variable set by the tab, a group or globally', async () => {
    const [tab, group, all, unset] = ['TAB', 'GROUP', 'ALL', 'UNSET'].map(unique);
    const env = (name = '') => [{ name, value: 'a', type: 'str' }];
    await editor().import([
      { id: 'all', type: 'global-config', env: env(all) },
      {
        id: 'outer',
        type: 'group',
        nodes: ['inner'],
        env: env(group),
        style: {},
        x: 10,
        y: 10,
        w: 300,
        h: 200,
      },
      { id: 'inner', type: 'group', g: 'outer', nodes: ['n'], style: {}, x: 20, y: 20, w: 280, h: 180 },
      { id: 'n', type: 'fp-subscribe', g: 'inner', x: 200, y: 100, wires: [[]] },
    ]);
    await editor().page.evaluate(`RED.nodes.workspace('tab').env = ${JSON.stringify(env(tab))}`);
    const [id = ''] = await editor().ids('fp-subscribe');
    await editor().edit(id);
    for (const [index, name] of [tab, group, all, 'NR_FLOW_NAME', `$parent.${tab}`].entries()) {
      await editor().fillIn({ topic: `\${${name}}`, pipeline: `\${${unset}_${index}}` });
      await untilWarning(`${unset}_${index}`);
      assert.equal(await warnings().count(), 1, name);
    }
  });
});
