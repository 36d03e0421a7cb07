/** Controls the Jobs tab of the editor. */
import type { Locator } from 'playwright-core';
import type { ConfigNode } from '../../nodes/config-node.ts';
import type { QueueConfig } from '../../nodes/fp-queue-config/fp-queue-config.ts';
import type { Editor } from './editor.ts';
import { enqueue } from './flow.ts';
import type { FlowNode } from './node-red.ts';
import { until } from './until.ts';

export interface JobsTab {
  /** Replaces the flow of the editor by an `enqueue` node and others, and deploys it. */
  deploy(...nodes: FlowNode[]): Promise<void>;
  /** Returns the nodes of a type, as a deploy would send them. */
  nodesOf(type: string): Promise<Record<string, unknown>[]>;
  /** Opens the tab. */
  show(): Promise<void>;
  /** Shows another tab: the next suites' stores may be unreachable, which the editor would log. */
  hide(): Promise<void>;
  /** Parts of the tab. */
  page(selector: string): Locator;
  press(name: string): Promise<void>;
  rows(): Locator;
  row(words: RegExp): Locator;
  /** The list, which takes the keys. */
  rowsBox(): Locator;
  /** Waits until the number of jobs in a state is shown as `text`. */
  untilCount(state: string, text: string): Promise<void>;
  /** Agrees to a question, after typing into its field. */
  answer(question: RegExp, typed?: string): Promise<void>;
  /** Submits a payload in the dialog "Fix and retry". */
  fix(payload: string): Promise<void>;
}

export function jobsTab(editor: Editor): JobsTab {
  const { page, nodeRed } = editor;
  const tab = page.locator('.fp-jobs');
  const inTab = (selector: string) => (selector === '' ? tab : tab.locator(selector));
  return {
    async deploy(...nodes) {
      const flow = [{ id: 'tab', type: 'tab', label: 'shop' }, ...[enqueue(), ...nodes].map(placed)];
      await page.evaluate(`(() => {
        RED.nodes.clear();
        RED.nodes.import(${JSON.stringify(flow)});
        RED.workspaces.show('tab');
        RED.nodes.dirty(true);
        RED.view.redraw(true);
      })()`);
      await editor.deploy();
      await until('the queues are deployed', () =>
        nodes
          .filter(({ type }) => type === 'fp-queue-config')
          .every(({ id, queue_name }) => {
            const deployed = nodeRed.RED.nodes.getNode(id) as ConfigNode<QueueConfig> | null;
            return deployed?.shared?.properties.queue_name === queue_name;
          }),
      );
    },
    nodesOf: (type) =>
      page.evaluate(`RED.nodes.createCompleteNodeSet().filter((node) => node.type === '${type}')`),
    async show() {
      await page.evaluate('RED.actions.invoke("flowerpower:show-jobs-tab")');
      await tab.waitFor();
    },
    async hide() {
      await page.evaluate('RED.sidebar.show("info")');
      await tab.waitFor({ state: 'hidden' });
    },
    page: inTab,
    press: (name) => inTab(`[data-fp="${name}"]:visible`).click(),
    rows: () => inTab('.fp-jobs-row:visible'),
    row: (words) => inTab('.fp-jobs-row:visible').filter({ hasText: words }),
    rowsBox: () => inTab('.fp-jobs-rows:visible'),
    untilCount: (state, text) =>
      inTab(`[data-fp="tab-${state}"] .fp-jobs-count`)
        .filter({ hasText: new RegExp(`^${text}$`) })
        .waitFor({ state: 'attached' }),
    async answer(question, typed) {
      const dialog = page.locator('.red-ui-notification').filter({ hasText: question });
      await dialog.waitFor();
      // A note of a deploy above it would go away meanwhile, and move the button between press and release.
      await page.evaluate(`$('.red-ui-notification').not(':has(.fp-jobs-question)').hide()`);
      if (typed !== undefined) await dialog.locator('.fp-jobs-typed').fill(typed);
      await dialog.locator('button.primary').click();
    },
    async fix(payload) {
      await page.locator('#fp-jobs-fix-text .monaco-editor').waitFor();
      await page.evaluate(`monaco.editor.getEditors().at(-1).setValue(${JSON.stringify(payload)})`);
      await page.locator('#fp-jobs-fix-retry').click();
    },
  };
}

/** Config nodes have no place. */
function placed(node: FlowNode, n: number): FlowNode {
  return node.type.endsWith('-config') ? node : { wires: [], ...node, z: 'tab', x: 140, y: 80 + 80 * n };
}
