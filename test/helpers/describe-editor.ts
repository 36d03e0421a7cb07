import assert from 'node:assert/strict';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { Editor } from './editor.ts';
import { sharedNodeRed } from './node-red.ts';
import { savePicture } from './save-picture.ts';
import { chromiumProgram, describeWith, type ServerName } from './requires.ts';

/** Options of a browser without a screen and without network traffic of its own. */
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

/** Opens the page of this process. The suites of a file share it, because Node-RED's editor takes seconds to load. */
async function openEditor(): Promise<Editor> {
  const nodeRed = await sharedNodeRed();
  await nodeRed.deploy([{ id: 'tab', type: 'tab', label: 'test' }]);
  return Editor.open(await newContext(), nodeRed);
}

/** Opens an empty page with a session of its own. */
export async function newPage(): Promise<Page> {
  return (await newContext()).newPage();
}

async function newContext(): Promise<BrowserContext> {
  browser ??= await launch();
  return browser.newContext({ viewport: { width: 1400, height: 900 } });
}

/** Loads Playwright on demand: most files don't need a browser. */
async function launch(): Promise<Browser> {
  const { chromium } = await import('playwright-core');
  return chromium.launch({ executablePath: chromiumProgram ?? '', args: browserOptions });
}

async function closePage(): Promise<void> {
  await editor?.page.context().close();
  editor = undefined;
}

/** Ends the browser if a suite of the file started it. */
export async function closeBrowser(): Promise<void> {
  await browser?.close();
  browser = editor = undefined;
}

/** Defines a suite in the editor. Each test starts with an empty flow, and fails if the page reports an error. */
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
      const { errors, page, nodeRed } = open();
      const test = this.currentTest;
      if (test?.isFailed()) await savePicture(page, `failed ${test.fullTitle()}`, nodeRed.version);
      if (test?.isFailed() || errors.length > 0) await closePage();
      assert.deepEqual(errors, [], 'the page reported errors');
    });

    suite(open);
  });
}
