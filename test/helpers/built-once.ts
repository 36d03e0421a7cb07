import type { Editor } from './editor.ts';

/**
 * Returns a function that builds a flow with the mouse when it is called first. Later it puts the same nodes into the
 * emptied editor, because a drag takes the browser tenths of a second.
 */
export function builtOnce<T>(build: (editor: Editor) => Promise<T>): (editor: Editor) => Promise<T> {
  let kept: { result: T; flow: string } | undefined;
  return async (editor) => {
    if (kept) {
      await editor.page.evaluate(`(() => {
        RED.nodes.import(${kept.flow});
        RED.nodes.dirty(true);
        RED.view.redraw(true);
      })()`);
      return kept.result;
    }
    const result = await build(editor);
    const flow: string = await editor.page.evaluate(
      `JSON.stringify(RED.nodes.createCompleteNodeSet().filter(({ type }) => type !== 'tab'))`,
    );
    kept = { result, flow };
    return result;
  };
}
