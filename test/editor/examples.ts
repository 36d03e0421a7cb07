import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeEditor } from '../helpers/describe-editor.ts';

const folder = join(__dirname, '../../../examples');

describeEditor('Import > Examples', [], (editor) => {
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.json'))) {
    it(`offers ${file}, and all its nodes are known and valid`, async () => {
      const name = file.replace('.json', '');
      await editor().importExample('node-red-contrib-flowerpower-mqtt', name);
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
