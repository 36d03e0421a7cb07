/** Node-RED's editor in a real browser, in the words of someone who builds a flow. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { BrowserContext, JSHandle, Locator, Page } from 'playwright-core';
import type { TestNodeRed } from './node-red.ts';
import { until } from './until.ts';

const root = join(__dirname, '../../..');

/** The button that closes a node's dialog without taking what was typed. */
const CANCEL = '#node-dialog-cancel, #node-config-dialog-cancel';

/** A place on the flow's canvas, in pixels from its corner. */
export interface Place {
  x: number;
  y: number;
}

export class Editor {
  readonly page: Page;
  readonly nodeRed: TestNodeRed;
  /** Errors that the page threw or wrote to its console. */
  readonly errors: string[] = [];

  private constructor(page: Page, nodeRed: TestNodeRed) {
    this.page = page;
    this.nodeRed = nodeRed;
    page.on('pageerror', (error) => this.errors.push(error.stack ?? error.message));
    page.on('console', (message) => {
      const { url } = message.location();
      // A browser also writes the refusal of a tested connection there, which is the answer that we want.
      const isRefusal = url.includes('/fp/test/');
      if (message.type() === 'error' && !isRefusal) this.errors.push(`${message.text()} (${url})`);
    });
  }

  static async open(context: BrowserContext, nodeRed: TestNodeRed): Promise<Editor> {
    const page = await context.newPage();
    page.setDefaultTimeout(45_000);
    const editor = new Editor(page, nodeRed);
    await page.goto(nodeRed.url);
    await editor.#until('window.RED?.nodes?.getType?.("fp-stats") && RED.workspaces?.active()');
    await page.locator('#red-ui-loading-progress').waitFor({ state: 'hidden' });
    // Without a graphics card, the processor draws each picture of a dialog that slides in.
    await page.addStyleTag({ content: '* { transition: none !important; animation: none !important; }' });
    await page.evaluate('jQuery.fx.off = true');
    // Node-RED's own timer of tips throws when it fires before their place in the sidebar is there.
    await page.evaluate('RED.actions.invoke("core:toggle-show-tips", false)');
    return editor;
  }

  /** Empties the flows as a person would, for loading the page takes seconds; tells whether nothing is left. */
  async clear(): Promise<boolean> {
    while ((await this.page.locator(CANCEL).count()) > 0) await this.cancel();
    if ((await this.page.locator('.red-ui-tray, .ui-dialog:visible').count()) > 0) return false;
    await this.page.evaluate(`(() => {
      $('.red-ui-notification, .red-ui-popover').hide();
      RED.nodes.clear();
      RED.nodes.import([{ id: 'tab', type: 'tab', label: 'test' }]);
      RED.history.clear();
      RED.workspaces.show('tab');
      RED.nodes.dirty(true);
    })()`);
    await this.deploy();
    this.nodeRed.log.length = 0;
    return true;
  }

  /** Drags a node from the palette and gives its id. */
  async drag(type: string, targetPosition: Place): Promise<string> {
    const entry = this.page.locator(`.red-ui-palette-node[data-palette-type="${type}"]`);
    await entry.scrollIntoViewIfNeeded();
    const before = await this.ids(type);
    await entry.dragTo(this.page.locator('#red-ui-workspace-chart'), { targetPosition });
    const added = await this.#until(
      `RED.nodes.filterNodes({ type: ${JSON.stringify(type)} }).map(({ id }) => id).find((id) => !${JSON.stringify(before)}.includes(id))`,
    );
    return (await added.jsonValue()) as string;
  }

  /** The ids of the nodes of a type. */
  ids(type: string): Promise<string[]> {
    return this.page.evaluate(`RED.nodes.filterNodes({ type: ${JSON.stringify(type)} }).map(({ id }) => id)`);
  }

  /** Draws a wire with the mouse. */
  async wire(from: string, output: number, to: string): Promise<void> {
    const port = this.#node(from).locator('.red-ui-flow-port-output .red-ui-flow-port').nth(output);
    const input = this.#node(to).locator('.red-ui-flow-port-input .red-ui-flow-port');
    await port.hover();
    await this.page.mouse.down();
    await input.hover({ force: true });
    await this.page.mouse.up();
  }

  /** The ids of the nodes that each output of a node leads to, as a deploy would send them. */
  wires(from: string): Promise<string[][]> {
    return this.page.evaluate(
      `RED.nodes.createCompleteNodeSet().find(({ id }) => id === ${JSON.stringify(from)}).wires`,
    );
  }

  /** Opens a node's dialog with a double click. */
  async edit(id: string): Promise<void> {
    await this.#node(id).locator('.red-ui-flow-node').dblclick();
    await this.stands();
  }

  /** In a dialog: opens the one of a new config node. */
  async addConfig(property: string): Promise<void> {
    await this.page.locator(`#node-input-btn-${property}-add`).click();
    await this.page.locator('#node-config-dialog-ok').waitFor();
    await this.stands();
  }

  /** Chooses the only config node of a type. */
  async chooseConfig(property: string, type: string): Promise<void> {
    const id: string = await this.page.evaluate(
      `(() => { let found; RED.nodes.eachConfig((node) => { if (node.type === '${type}') found = node.id; }); return found; })()`,
    );
    await this.field(property).selectOption(id);
  }

  /** A field of the dialog on top. */
  field(property: string): Locator {
    return this.page.locator(`#node-input-${property}, #node-config-input-${property}`).last();
  }

  /** The part of a typed input that a person types into. */
  typedField(property: string): Locator {
    return this.#typedInput(property).locator('input.red-ui-typedInput-input');
  }

  /** Fills fields and selects of the dialog on top. */
  async fillIn(values: object): Promise<void> {
    for (const [property, value] of Object.entries(values)) {
      const field = this.field(property);
      const isSelect = (await field.evaluate((element) => element.tagName)) === 'SELECT';
      if (isSelect) await field.selectOption(String(value));
      else await this.type(field, String(value));
    }
  }

  /** Types into a field, instead of what is there; the editor checks a field when a key comes up. */
  async type(field: Locator, text: string): Promise<void> {
    await field.fill(text);
    await field.press('End');
  }

  /** Closes the dialog on top with its "done", "add" or "update" button. */
  async finish(): Promise<void> {
    await this.#leave('#node-dialog-ok, #node-config-dialog-ok');
  }

  /** Closes the dialog on top and forgets what was typed. */
  async cancel(): Promise<void> {
    await this.#leave(CANCEL);
  }

  async #leave(button: string): Promise<void> {
    const tray = await this.#tray().elementHandle();
    await this.page.locator(button).last().click();
    await tray?.waitForElementState('hidden');
    // Below the dialog of a config node stands the one that it was opened from.
    if ((await this.#tray().count()) > 0) await this.stands();
  }

  /** A field is marked red, and the mouse over it shows why. */
  async untilMistake(field: Locator, words: RegExp): Promise<void> {
    await this.untilMarked(field);
    await this.page.mouse.move(0, 0);
    await field.hover();
    await this.page.locator('.red-ui-popover').filter({ hasText: words }).waitFor();
  }

  untilMarked(field: Locator): Promise<void> {
    return this.#untilMarked(field, true);
  }

  untilUnmarked(field: Locator): Promise<void> {
    return this.#untilMarked(field, false);
  }

  /** Chooses what a typed input holds, for instance `msg`. */
  async chooseType(property: string, type: string): Promise<void> {
    await this.#typedInput(property).locator('.red-ui-typedInput-type-select').click();
    await this.page.locator(`.red-ui-typedInput-options a[value="${type}"]:visible`).click();
  }

  /** Clicks "Test connection" and waits for an answer like `words`. */
  async testConnection(words: RegExp): Promise<void> {
    await this.page.locator('#fp-test-button').click();
    const answer = this.page.locator('#fp-test-answer').filter({ hasText: words });
    await answer.waitFor();
    const isInView = await answer.evaluate((element) => {
      const { top, bottom } = element.getBoundingClientRect();
      const body = element.closest('.red-ui-tray-body')?.getBoundingClientRect();
      return body !== undefined && top >= body.top && bottom <= body.bottom;
    });
    assert.ok(isInView, 'the answer is in view');
  }

  /** Imports nodes into the flow at their own places. */
  async import(nodes: object[]): Promise<void> {
    await this.page.evaluate(
      `RED.view.importNodes(${JSON.stringify(nodes)}, { touchImport: true, generateIds: true })`,
    );
  }

  /** Imports an example of a package by the menu's dialog, as a new flow. */
  async importExample(module: string, example: string): Promise<void> {
    await this.page.evaluate('RED.actions.invoke("core:show-examples-import-dialog")');
    const list = this.page.locator('#red-ui-clipboard-dialog-import-tab-examples');
    const entry = list.getByText(example, { exact: true });
    // The list opens and closes with a click, slowly, and forgets a choice made meanwhile.
    await until(`${example} is chosen`, async () => {
      if (await entry.isVisible()) await entry.click();
      else await list.getByText(module, { exact: true }).click();
      await entry.waitFor({ timeout: 2000 }).catch(() => undefined);
      return this.page.locator('#red-ui-clipboard-dialog-ok').isEnabled();
    });
    await this.page.locator('#red-ui-clipboard-dialog-import-opt-new').click();
    await this.page.locator('#red-ui-clipboard-dialog-ok').click();
    await this.#until('RED.workspaces.count() > 1');
    await this.page.evaluate('RED.workspaces.show(RED.nodes.getWorkspaceOrder().at(-1))');
  }

  /** Every node of the editor, config nodes too; an unknown type is `unknown`. */
  nodes(): Promise<{ id: string; type: string; valid: boolean }[]> {
    return this.page.evaluate(`(() => {
      const nodes = [];
      const add = ({ id, type, valid }) => nodes.push({ id, type, valid: valid !== false });
      RED.nodes.eachNode(add);
      RED.nodes.eachConfig(add);
      return nodes;
    })()`);
  }

  /** What the red triangle of a node says; nothing without a triangle. */
  async mistakes(id: string): Promise<string[]> {
    await this.#node(id).waitFor();
    return this.page.evaluate(`RED.nodes.node(${JSON.stringify(id)}).validationErrors ?? []`);
  }

  /** Shows a node's help in the sidebar. */
  async help(type: string): Promise<Locator> {
    await this.page.evaluate(`RED.sidebar.help.show(${JSON.stringify(type)})`);
    const help = this.page.locator('.red-ui-help:visible').first();
    await help.locator('h3').first().waitFor();
    return help;
  }

  async deploy(): Promise<void> {
    await this.page.locator('#red-ui-header-button-deploy').click();
    await this.#until('RED.nodes.dirty() === false');
  }

  /** Waits for the status that is drawn below a node. */
  async untilStatus(id: string, text: RegExp): Promise<void> {
    const label = this.#node(id).locator('.red-ui-flow-node-status-label');
    await label.filter({ hasText: text }).waitFor({ state: 'attached' });
  }

  /** Saves what the page shows in screenshots/. */
  async picture(name: string, part?: Locator): Promise<void> {
    const version = this.nodeRed.version.split('.')[0] ?? '';
    const path = join(root, 'screenshots', `${version} ${name.replaceAll(/[^\w -]/g, '')}.png`);
    await (part ?? this.page).screenshot({ path });
  }

  /** The editor checks a field a moment after it was typed into. */
  async #untilMarked(field: Locator, marked: boolean): Promise<void> {
    const box = field.locator('xpath=ancestor-or-self::*[contains(@class, "input-error")]');
    await box.first().waitFor({ state: marked ? 'attached' : 'detached' });
  }

  #node(id: string): Locator {
    return this.page.locator(`[id="${id}"]`);
  }

  /** The editor hides the field itself and puts this behind it. */
  #typedInput(property: string): Locator {
    return this.page.locator(`#node-input-${property} + .red-ui-typedInput-container`);
  }

  #tray(): Locator {
    return this.page.locator('.red-ui-tray').last();
  }

  /** Dialogs slide in. */
  async stands(): Promise<void> {
    await this.page.waitForFunction(
      `(() => {
        const tray = $('.red-ui-tray').last();
        const x = tray[0]?.getBoundingClientRect().x ?? -1;
        const stands = x >= 0 && x === tray.data('fp-test-x');
        tray.data('fp-test-x', x);
        return stands;
      })()`,
      undefined,
      { polling: 50 },
    );
  }

  #until(expression: string): Promise<JSHandle<unknown>> {
    return this.page.waitForFunction(expression);
  }
}
