import assert from 'node:assert/strict';
import { chromium, type Browser, type BrowserContext } from 'playwright-core';
import { Editor } from './editor.ts';
import { sharedNodeRed } from './node-red.ts';
import { chromiumProgram, describeWith, type ServerName } from './requires.ts';

/** A browser that neither needs a screen nor talks to the network. */
const browserOptions = [
  '--no-sandbox',
  '--headless',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** A suite in the editor: each test gets a fresh page on an empty flow, which may not have reported any error. */
export function describeEditor(
  title: string,
  servers: ServerName[],
  suite: (editor: () => Editor) => void,
): void {
  describeWith(['chromium', ...servers], title, function () {
    this.timeout(60_000);
    let browser: Browser;
    let context: BrowserContext;
    let editor: Editor;

    before(async () => {
      browser = await chromium.launch({ executablePath: chromiumProgram ?? '', args: browserOptions });
      context = await browser.newContext({ viewport: { width: 1400, height: 900 } });
    });
    after(() => browser.close());

    beforeEach(async () => {
      const nodeRed = await sharedNodeRed();
      await nodeRed.deploy([{ id: 'tab', type: 'tab', label: 'test' }]);
      editor = await Editor.open(context, nodeRed);
    });
    afterEach(async function () {
      if (this.currentTest?.isFailed()) await editor.picture(`failed ${this.currentTest.fullTitle()}`);
      await editor.page.close();
      assert.deepEqual(editor.errors, [], 'the page reported errors');
    });

    suite(() => editor);
  });
}
