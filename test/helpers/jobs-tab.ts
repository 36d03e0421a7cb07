/** Controls the Jobs tab of the editor. */
import type { Locator } from 'playwright-core';
import type { ConfigNode } from '../../nodes/config-node.ts';
import type { QueueConfig } from '../../nodes/fp-queue-config/fp-queue-config.ts';
import type { Editor } from './editor.ts';
import { enqueue } from './flow.ts';
import type { FlowNode } from './node-red.ts';
import { until } from './until.ts';

export interface JobsTab {
  /** Deploys a queue with an `enqueue` node and others, past the editor. */
  deploy(queueNode: FlowNode, ...nodes: FlowNode[]): Promise<void>;
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
  untilCount(state: string, isRight: (text: string) => boolean): Promise<unknown>;
  /** Agrees to a question, after typing into its field. */
  answer(question: RegExp, typed?: string): Promise<void>;
  /** Submits a payload in the dialog "Fix and retry". */
  fix(payload: string): Promise<void>;
}

export function jobsTab({ page, nodeRed }: Editor): JobsTab {
  const tab = page.locator('.fp-jobs');
  const inTab = (selector: string) => (selector === '' ? tab : tab.locator(selector));
  return {
    async deploy(queueNode, ...nodes) {
      await nodeRed.deploy([queueNode, enqueue(), ...nodes]);
      // The editor's own deploy, which cleared the flows, may have started them last.
      await until('the queue is deployed', () => {
        const deployed = nodeRed.RED.nodes.getNode(queueNode.id) as ConfigNode<QueueConfig> | null;
        return deployed?.shared?.properties.queue_name === queueNode['queue_name'];
      });
    },
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
    untilCount(state, isRight) {
      const count = inTab(`[data-fp="tab-${state}"] .fp-jobs-count`);
      return until(`the number of ${state} jobs is right`, async () =>
        isRight((await count.textContent()) ?? ''),
      );
    },
    async answer(question, typed) {
      const dialog = page.locator('.red-ui-notification').filter({ hasText: question });
      await dialog.waitFor();
      if (typed !== undefined) await dialog.locator('.fp-jobs-typed').fill(typed);
      await dialog.locator('button.primary').click();
    },
    async fix(payload) {
      await page.locator('#fp-jobs-fix-text .view-lines, #fp-jobs-fix-text .ace_content').click();
      await page.keyboard.press('ControlOrMeta+A');
      await page.keyboard.insertText(payload);
      await page.locator('#fp-jobs-fix-retry').click();
    },
  };
}
