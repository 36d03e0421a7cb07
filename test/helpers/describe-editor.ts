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

/** A suite in the editor: each test begins on an empty flow, and its page may not have reported any error. */
export function describeEditor(
  title: string,
  servers: ServerName[],
  suite: (editor: () => Editor) => void,
): void {
  describeWith(['chromium', ...servers], title, function () {
    let browser: Browser;
    let context: BrowserContext;
    let editor: Editor | undefined;
    const open = () => {
      assert(editor, 'no page is open');
      return editor;
    };

    before(async () => {
      browser = await chromium.launch({ executablePath: chromiumProgram ?? '', args: browserOptions });
      context = await browser.newContext({ viewport: { width: 1400, height: 900 } });
    });
    after(() => browser.close());

    beforeEach(async () => {
      if (await editor?.clear()) return;
      await closePage();
      const nodeRed = await sharedNodeRed();
      await nodeRed.deploy([{ id: 'tab', type: 'tab', label: 'test' }]);
      editor = await Editor.open(context, nodeRed);
    });
    afterEach(async function () {
      const { errors } = open();
      const test = this.currentTest;
      if (test?.isFailed()) await open().picture(`failed ${test.fullTitle()}`);
      if (test?.isFailed() || errors.length > 0) await closePage();
      assert.deepEqual(errors, [], 'the page reported errors');
    });
    const closePage = async () => {
      await editor?.page.close();
      editor = undefined;
    };

    suite(open);
  });
}
