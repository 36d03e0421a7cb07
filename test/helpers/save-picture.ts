import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';

const folder = join(__dirname, '../../../screenshots');

/** Saves a screenshot in screenshots/. Drawing one takes about half a second of CPU time. */
export async function savePicture(part: Page | Locator, name: string, nodeRed: string): Promise<void> {
  const version = nodeRed.split('.')[0] ?? '';
  await part.screenshot({ path: join(folder, `${version} ${name.replaceAll(/[^\w -]/g, '')}.png`) });
}
