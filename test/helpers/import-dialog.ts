import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Editor } from './editor.ts';
import { temporaryDirectory } from './servers.ts';

/**
 * Opens the dialog with a plain text in the place of Node-RED's code editor, which takes longer than all the rest of the dialog.
 * The first suite of yaml-import.ts has the real one.
 */
const OPEN_PLAIN = `(() => {
  const { createEditor } = RED.editor;
  RED.editor.createEditor = () => {
    const listeners = [];
    let text = '';
    return {
      getValue: () => text,
      setValue(value) {
        text = value;
        for (const listener of listeners) listener();
      },
      getSession: () => ({ on: (_event, listener) => listeners.push(listener) }),
      focus() {},
      destroy() {},
    };
  };
  RED.actions.invoke('flowerpower:import-yaml');
  RED.editor.createEditor = createEditor;
})()`;

/** Controls the import dialog like a user. */
export class ImportDialog {
  readonly #editor: Editor;

  constructor(editor: Editor) {
    this.#editor = editor;
  }

  /** Opens the dialog as the editor's list of actions does, without a code editor. */
  async open(): Promise<void> {
    await this.#editor.page.evaluate(OPEN_PLAIN);
    await this.#editor.stands();
  }

  /** Opens the whole dialog. */
  async openFromMenu(): Promise<void> {
    const { page } = this.#editor;
    await page.locator('#red-ui-header-button-sidemenu').click();
    await page.getByText('Import FlowerPower YAML').first().click();
    await page.locator('#fp-yaml-text .monaco-editor').waitFor();
    await this.#editor.stands();
  }

  async choose(name: string, text: string): Promise<void> {
    const file = join(temporaryDirectory('yaml'), name);
    writeFileSync(file, text);
    await this.#editor.page.locator('#fp-yaml-file').setInputFiles(file);
  }

  problems(): Promise<string[]> {
    return this.#editor.page.locator('#fp-yaml-problem-list li').allTextContents();
  }

  /** Returns the preview of a file without errors. */
  async preview(): Promise<string[]> {
    const { page } = this.#editor;
    await this.#untilReady();
    return page.locator('#fp-yaml-preview-list li').allTextContents();
  }

  async import(): Promise<void> {
    const { page } = this.#editor;
    await this.#untilReady();
    await page.locator('#fp-yaml-import').click();
    await page.waitForFunction("!document.getElementById('fp-yaml-text')", undefined, { polling: 50 });
  }

  /** Waits until the file can be imported. A locator would search the whole page each time. */
  async #untilReady(): Promise<void> {
    const ready = "document.getElementById('fp-yaml-import').disabled === false";
    await this.#editor.page.waitForFunction(ready, undefined, { polling: 50 });
  }
}
