import type { Locator, Page } from 'playwright-core';
import { until } from './until.ts';

/** Returns a tab of the top dialog. */
export function tabOf(page: Page, name: string): Locator {
  return page.locator(`.red-ui-tray form a[href="#fp-tab-${name}"]`).last();
}

/** Opens a tab of the top dialog. The editor takes two clicks in 0.4 s for a double click, even on two tabs. */
export async function openTab(page: Page, name: string): Promise<void> {
  const part = page.locator(`.red-ui-tray [data-tab="${name}"]`).last();
  await until(`the tab ${name} is open`, async () => {
    await tabOf(page, name).click();
    return part.isVisible();
  });
}

/** Opens the tab of the dialog that has the field. */
export async function reveal(page: Page, field: Locator): Promise<void> {
  const part = field.locator('xpath=ancestor::*[@data-tab]');
  if ((await part.count()) === 0 || (await part.isVisible())) return;
  await openTab(page, String(await part.getAttribute('data-tab')));
}
