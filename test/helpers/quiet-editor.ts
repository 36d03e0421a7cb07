import type { Page } from 'playwright-core';

/** Takes out of the editor's page what moves or talks by itself, and has each dialog tell when it stands. */
export async function quiet(page: Page): Promise<void> {
  // Without a graphics card, the processor draws each picture of a dialog that slides in.
  await page.addStyleTag({ content: '* { transition: none !important; animation: none !important; }' });
  await page.evaluate('jQuery.fx.off = true');
  // Node-RED's own timer of tips throws when it fires before their place in the sidebar is there.
  await page.evaluate('RED.actions.invoke("core:toggle-show-tips", false)');
  await page.evaluate(`(() => {
    const { show } = RED.tray;
    RED.tray.show = (options) => {
      if (options) {
        $('.red-ui-tray').removeData('fp-test-shown');
        const { show: shown } = options;
        options.show = () => {
          shown?.();
          $('.red-ui-tray').last().data('fp-test-shown', true);
        };
      }
      return show(options);
    };
  })()`);
  // Each dialog of a node has one more tab, with an editor of Node-RED for its description, which no test opens.
  await page.evaluate(`(() => {
    const { createEditor } = RED.editor;
    const none = { getValue: () => '', resize() {}, destroy() {}, focus() {} };
    RED.editor.createEditor = (options) =>
      options.id?.startsWith('node-info-input-info-editor') && !options.value ? none : createEditor(options);
  })()`);
}

/**
 * Tells whether an error is of a timer of others: Node-RED's timer of tips throws when it fires before their place in the
 * sidebar is there, and Monaco's when it fires after its text is gone.
 */
export function isOfOthers(message: string, stack: string): boolean {
  if (message.includes('Model is disposed')) return stack.includes('/vendor/monaco/');
  return message.includes("reading 'html'") && /\/red\/red(\.min)?\.js/.test(stack);
}
