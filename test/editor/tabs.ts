import { describeEditor } from '../helpers/describe-editor.ts';
import { openTab, tabOf } from '../helpers/dialog-tabs.ts';
import { openNewConfig } from '../helpers/new-node.ts';

describeEditor('a dialog with tabs', [], (editor) => {
  it('marks the tab of a field with a mistake, while another one is open', async () => {
    await openNewConfig(editor(), 'fp-mqtt-config');
    const mark = tabOf(editor().page, 'session').locator('.fp-tab-mistake');
    await editor().fillIn({ window: 'many' });
    await editor().untilMarked(editor().field('window'));
    await openTab(editor().page, 'connection');
    await editor().field('window').waitFor({ state: 'hidden' });
    await editor().field('broker').waitFor({ state: 'visible' });
    await mark.waitFor({ state: 'visible' });
    await editor().fillIn({ window: '10' });
    await mark.waitFor({ state: 'hidden' });
  });

  it('hides a tab that has nothing to show', async () => {
    await openNewConfig(editor(), 'fp-queue-config');
    await tabOf(editor().page, 'security').waitFor({ state: 'hidden' });
    await editor().fillIn({ store: 'postgres' });
    await editor().fillIn({ username: 'me' });
    await editor().fillIn({ store: 'embedded' });
    await tabOf(editor().page, 'security').waitFor({ state: 'hidden' });
  });
});
