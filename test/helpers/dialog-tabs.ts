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

/**
 * Fills in fields and selects of the top dialog, with the events of a person who types, in one step: each further step in the
 * browser takes the time of several frames. Opens the tabs of the fields, and waits for fields that are hidden or disabled.
 */
export async function fillIn(page: Page, values: object): Promise<void> {
  const left = Object.entries(values).map(([property, value]) => [property, String(value)]);
  await until(`${left.join(' ')} can be filled in`, async () => {
    const { done, tab } = await page.evaluate<{ done: number; tab?: string }>(
      `(${FILL_IN})(${JSON.stringify(left)})`,
    );
    left.splice(0, done);
    if (tab !== undefined) await openTab(page, tab);
    return left.length === 0;
  });
}

/** Fills in as many fields as possible; returns their number, and the tab of the next one. */
const FILL_IN = `(values) => {
  const fire = (field, type) => field.dispatchEvent(new Event(type, { bubbles: true }));
  for (const [done, [property, value]] of values.entries()) {
    const field = [...document.querySelectorAll('#node-input-' + property + ', #node-config-input-' + property)].at(-1);
    if (field?.disabled !== false) return { done };
    if (!field.checkVisibility()) return { done, tab: $(field).closest('[data-tab]').filter(':hidden').data('tab') };
    field.focus();
    field.value = value;
    if (field.value !== value) throw new Error(property + ' does not take ' + value);
    fire(field, 'input');
    if (field.tagName !== 'SELECT') fire(field, 'keyup');
    fire(field, 'change');
  }
  return { done: values.length };
}`;
