import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeEditor } from '../helpers/describe-editor.ts';

const folder = join(__dirname, '../../../examples');

const MODULE = 'node-red-contrib-flowerpower-mqtt';

describeEditor('Import > Examples', [], (editor) => {
  /** The names in the dialog. Opened once, because it takes the browser half a second. */
  let offered: string[] | undefined;

  /** Imports an example as a new flow; the first one with the mouse, the others as the dialog's button does. */
  const importExample = async (name: string) => {
    if (!offered) {
      await editor().importExample(MODULE, name);
      const entries = editor().page.locator(
        '#red-ui-clipboard-dialog-import-tab-examples .red-ui-treeList-label',
      );
      offered = await entries.allTextContents();
      return;
    }
    await editor().page.evaluate(`$.get('library/examples/flows/${MODULE}/${name}').then((nodes) => {
      RED.view.importNodes(nodes, { addFlow: true });
      RED.workspaces.show(RED.nodes.getWorkspaceOrder().at(-1));
    })`);
  };

  for (const file of readdirSync(folder).filter((name) => name.endsWith('.json'))) {
    it(`offers ${file}, and all its nodes are known and valid`, async () => {
      const name = file.replace('.json', '');
      await importExample(name);
      assert.ok(offered?.includes(name), String(offered));
      const nodes: { id: string; type: string }[] = JSON.parse(readFileSync(join(folder, file), 'utf8'));
      const expected = nodes.map(({ type }) => type).filter((type) => type !== 'tab');
      const shown = await editor().nodes();
      assert.deepEqual(shown.map(({ type }) => type).toSorted(), expected.toSorted());
      assert.deepEqual(
        shown.filter(({ valid }) => !valid),
        [],
      );
      await editor().picture(`example ${name}`);
    });
  }
});
