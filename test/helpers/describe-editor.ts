import assert from 'node:assert/strict';
import type { Browser } from 'playwright-core';
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

let browser: Browser | undefined;
let editor: Editor | undefined;

/** The page of this process: the suites of a file share it, for Node-RED's editor takes seconds to load. */
async function openEditor(): Promise<Editor> {
  const nodeRed = await sharedNodeRed();
  await nodeRed.deploy([{ id: 'tab', type: 'tab', label: 'test' }]);
  browser ??= await launch();
  const context = await browser.newContext({ viewport: { width: 1400, height: 900 } });
  return Editor.open(context, nodeRed);
}

/** Most files need no browser, and should not load Playwright. */
async function launch(): Promise<Browser> {
  const { chromium } = await import('playwright-core');
  return chromium.launch({ executablePath: chromiumProgram ?? '', args: browserOptions });
}

async function closePage(): Promise<void> {
  await editor?.page.context().close();
  editor = undefined;
}

/** Ends the browser, if a suite of the file started it. */
export async function closeBrowser(): Promise<void> {
  await browser?.close();
  browser = editor = undefined;
}

/** A suite in the editor: each test begins on an empty flow, and its page may not have reported any error. */
export function describeEditor(
  title: string,
  servers: ServerName[],
  suite: (editor: () => Editor) => void,
): void {
  describeWith(['chromium', ...servers], title, function () {
    const open = () => {
      assert(editor, 'no page is open');
      return editor;
    };

    beforeEach(async () => {
      if (await editor?.clear()) return;
      await closePage();
      editor = await openEditor();
    });
    afterEach(async function () {
      const { errors } = open();
      const test = this.currentTest;
      if (test?.isFailed()) await open().picture(`failed ${test.fullTitle()}`);
      if (test?.isFailed() || errors.length > 0) await closePage();
      assert.deepEqual(errors, [], 'the page reported errors');
    });

    suite(open);
  });
}
