import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Editor } from './editor.ts';
import { temporaryDirectory } from './servers.ts';

/** Controls the import dialog like a user. */
export class ImportDialog {
  readonly #editor: Editor;

  constructor(editor: Editor) {
    this.#editor = editor;
  }

  async open(): Promise<void> {
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

  preview(): Promise<string[]> {
    return this.#editor.page.locator('#fp-yaml-preview-list li').allTextContents();
  }

  async import(): Promise<void> {
    const { page } = this.#editor;
    await page.locator('#fp-yaml-import:not([disabled])').click();
    await page.locator('#fp-yaml-text').waitFor({ state: 'detached' });
  }
}
