/** Opens dialogs of new nodes without the mouse: `build-a-flow.ts` drags nodes and opens their dialogs like a user. */
import type { Editor } from './editor.ts';

/** Adds a node with the defaults of its type, as the palette does, and opens its dialog. Returns its ID. */
export async function openNew(editor: Editor, type: string): Promise<string> {
  const id = await editor.page.evaluate<string>(`(() => {
    const type = ${JSON.stringify(type)};
    const { defaults } = RED.nodes.getType(type);
    const values = Object.entries(defaults).map(([property, { value }]) => [property, value]);
    const node = { ...Object.fromEntries(values), id: RED.nodes.id(), type, z: RED.workspaces.active(), x: 200, y: 100, wires: [] };
    RED.nodes.import([node]);
    RED.view.redraw();
    RED.editor.edit(RED.nodes.node(node.id));
    return node.id;
  })()`);
  await editor.stands();
  return id;
}

/** Opens the dialog of a new config node, as the sidebar of config nodes does: without the dialog of a node below. */
export async function openNewConfig(editor: Editor, type: string): Promise<void> {
  await editor.page.evaluate(`RED.editor.editConfig('', ${JSON.stringify(type)}, '_ADD_', 'node-input')`);
  await editor.stands();
}
