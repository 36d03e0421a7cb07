/** Controls Node-RED's editor in a real browser, like a user who builds a flow. */
import type { BrowserContext, JSHandle, Locator, Page } from 'playwright-core';
import { fillIn } from './dialog-tabs.ts';
import type { TestNodeRed } from './node-red.ts';
import { isOfOthers, quiet } from './quiet-editor.ts';
import { savePicture } from './save-picture.ts';
import { until } from './until.ts';

/**
 * Closes the dialogs, empties the editor, and returns whether to deploy: Node-RED may still have no flows since the last time.
 * The editor takes a closed dialog away with a timer; one that is set later for the same time fires later.
 */
const EMPTY = `(async () => {
  $('.red-ui-notification, .red-ui-popover').hide();
  if ($('.red-ui-tray').length > 0) {
    for (let most = 5; most > 0; most--) RED.tray.close();
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  // A test may have deployed past the editor, which would ask then whose flow counts.
  const { rev } = await $.getJSON({ url: 'flows', headers: { 'Node-RED-API-Version': 'v2' } });
  RED.nodes.version(rev);
  RED.nodes.clear();
  RED.nodes.import([{ id: 'tab', type: 'tab', label: 'test' }]);
  RED.history.clear();
  RED.workspaces.show('tab');
  RED.nodes.dirty(rev !== window.fpTestEmpty);
  return RED.nodes.dirty();
})()`;

/** A position on the canvas, in pixels from its corner. */
export interface Place {
  x: number;
  y: number;
}

export class Editor {
  readonly page: Page;
  readonly nodeRed: TestNodeRed;
  /** Errors that the page threw or logged. */
  readonly errors: string[] = [];

  private constructor(page: Page, nodeRed: TestNodeRed) {
    this.page = page;
    this.nodeRed = nodeRed;
    page.on('pageerror', ({ message, stack = message }) => {
      if (!isOfOthers(message, stack)) this.errors.push(stack);
    });
    page.on('console', (message) => {
      const { url } = message.location();
      // Ignore the log of a failed connection test, which is an expected answer.
      const isRefusal = url.includes('/fp/test/');
      if (message.type() === 'error' && !isRefusal) this.errors.push(`${message.text()} (${url})`);
    });
  }

  static async open(context: BrowserContext, nodeRed: TestNodeRed): Promise<Editor> {
    const page = await context.newPage();
    page.setDefaultTimeout(90_000);
    const editor = new Editor(page, nodeRed);
    await page.goto(nodeRed.url);
    await editor.#until('window.RED?.nodes?.getType?.("fp-stats") && RED.workspaces?.active()');
    await page.locator('#red-ui-loading-progress').waitFor({ state: 'hidden' });
    await quiet(page);
    return editor;
  }

  /** Deletes all flows like a user, because reloading the page takes seconds. Returns whether all are deleted. */
  async clear(): Promise<boolean> {
    if ((await this.page.locator('.ui-dialog:visible').count()) > 0) return false;
    if (await this.page.evaluate<boolean>(EMPTY)) {
      await this.deploy();
      await this.page.evaluate('window.fpTestEmpty = RED.nodes.version()');
    }
    this.nodeRed.log.length = 0;
    return true;
  }

  /** Drags a node from the palette and returns its ID. */
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

  /** Returns the IDs of the nodes of a type. */
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

  /** Returns the wires of a node, as a deploy would send them. */
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

  /** Opens the dialog of a new config node from a node's dialog. */
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

  /** Returns a field of the top dialog. */
  field(property: string): Locator {
    return this.page.locator(`#node-input-${property}, #node-config-input-${property}`).last();
  }

  /** Returns the text field of a typed input. */
  typedField(property: string): Locator {
    return this.#typedInput(property).locator('input.red-ui-typedInput-input');
  }

  /** Fills in fields and selects of the top dialog. */
  async fillIn(values: object): Promise<void> {
    await fillIn(this.page, values);
  }

  /** Replaces the text of a field by typing; the editor validates a field on keyup. */
  async type(field: Locator, text: string): Promise<void> {
    await field.fill(text);
    await field.press('End');
  }

  /** Closes the top dialog with its "done", "add" or "update" button. */
  async finish(): Promise<void> {
    await this.#leave('#node-dialog-ok, #node-config-dialog-ok');
  }

  /** Closes the top dialog without saving. */
  async cancel(): Promise<void> {
    await this.#leave('#node-dialog-cancel, #node-config-dialog-cancel');
  }

  async #leave(button: string): Promise<void> {
    const tray = await this.#tray().elementHandle();
    await this.page.locator(button).last().click();
    await tray?.waitForElementState('hidden');
    // The dialog below a config node's dialog is the one that opened it.
    if ((await this.#tray().count()) > 0) await this.stands();
  }

  /** Waits until a field is marked red with this explanation. */
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

  /** Chooses the type of a typed input, for instance `msg`. */
  async chooseType(property: string, type: string): Promise<void> {
    await this.#typedInput(property).locator('.red-ui-typedInput-type-select').click();
    await this.page.locator(`.red-ui-typedInput-options a[value="${type}"]:visible`).click();
  }

  /** Clicks "Test connection" and waits for an answer that matches `words`. */
  async testConnection(words: RegExp): Promise<void> {
    await this.page.locator('#fp-test-button').click();
    await this.page.locator('#fp-test-answer').filter({ hasText: words }).waitFor();
  }

  /** Imports nodes into the flow at their positions. */
  async import(nodes: object[]): Promise<void> {
    await this.page.evaluate(
      `RED.view.importNodes(${JSON.stringify(nodes)}, { touchImport: true, generateIds: true })`,
    );
  }

  /** Imports an example of a package from the menu's dialog as a new flow. */
  async importExample(module: string, example: string): Promise<void> {
    await this.page.evaluate('RED.actions.invoke("core:show-examples-import-dialog")');
    const list = this.page.locator('#red-ui-clipboard-dialog-import-tab-examples');
    const entry = list.getByText(example, { exact: true });
    // The list opens and closes slowly after a click, and ignores a choice made meanwhile.
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

  /** Returns all nodes of the editor, including config nodes; an unknown type is `unknown`. */
  nodes(): Promise<{ id: string; type: string; valid: boolean }[]> {
    return this.page.evaluate(`(() => {
      const nodes = [];
      const add = ({ id, type, valid }) => nodes.push({ id, type, valid: valid !== false });
      RED.nodes.eachNode(add);
      RED.nodes.eachConfig(add);
      return nodes;
    })()`);
  }

  /** Returns the mistakes shown by the red triangle of a node. */
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

  /** Deploys and waits until the flows run: Node-RED answers the editor before it has stopped those before. */
  async deploy(): Promise<void> {
    const running = new Promise((resolve) => this.nodeRed.RED.events.once('flows:started', resolve));
    await this.page.locator('#red-ui-header-button-deploy').click();
    await Promise.all([running, this.#until('RED.nodes.dirty() === false')]);
  }

  /** Waits for the status below a node. */
  async untilStatus(id: string, text: RegExp): Promise<void> {
    const label = this.#node(id).locator('.red-ui-flow-node-status-label');
    await label.filter({ hasText: text }).waitFor({ state: 'attached' });
  }

  /** Waits for a notification of the editor. */
  async untilNotified(text: string): Promise<void> {
    await this.page.locator('.red-ui-notification').filter({ hasText: text }).first().waitFor();
  }

  /** Saves a screenshot in screenshots/, if FP_PICTURES is 1. */
  async picture(name: string, part?: Locator): Promise<void> {
    if (process.env['FP_PICTURES'] === '1') await savePicture(part ?? this.page, name, this.nodeRed.version);
  }

  /** Waits until a field is marked as invalid, or not: the editor validates a field after a delay. */
  async #untilMarked(field: Locator, marked: boolean): Promise<void> {
    const box = field.locator('xpath=ancestor-or-self::*[contains(@class, "input-error")]');
    await box.first().waitFor({ state: marked ? 'attached' : 'detached' });
  }

  #node(id: string): Locator {
    return this.page.locator(`[id="${id}"]`);
  }

  /** Returns the element that the editor shows instead of the hidden field. */
  #typedInput(property: string): Locator {
    return this.page.locator(`#node-input-${property} + .red-ui-typedInput-container`);
  }

  #tray(): Locator {
    return this.page.locator('.red-ui-tray').last();
  }

  /** A moment after a dialog has opened, the editor sets its width and moves the focus: what was typed before may be lost. */
  async stands(): Promise<void> {
    await this.#until("$('.red-ui-tray').last().data('fp-test-shown')");
  }

  #until(expression: string): Promise<JSHandle<unknown>> {
    return this.page.waitForFunction(expression, undefined, { polling: 50 });
  }
}
