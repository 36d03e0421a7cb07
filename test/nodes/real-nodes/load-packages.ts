import { existsSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { newestNodeRed } from '../../../scripts/node-red-home.ts';
import type { TestNodeRed } from '../../helpers/node-red.ts';

/** Where `npm test` installs the contributed nodes. */
const installed = join(__dirname, '../../../../test/nodes/real-nodes/packages/node_modules');

/** What Node-RED's palette manager calls after npm has installed a package. */
interface Registry {
  addModule(name: string): Promise<unknown>;
}

/** Makes a running Node-RED load packages of nodes, as if they were installed in its user directory. */
export async function loadPackages({ userDir }: TestNodeRed, names: string[]): Promise<void> {
  const registry = createRequire(require.resolve(newestNodeRed()))('@node-red/registry') as Registry;
  for (const name of names) {
    const link = join(userDir, 'node_modules', name);
    if (existsSync(link)) continue;
    symlinkSync(join(installed, name), link, 'junction');
    await registry.addModule(name);
  }
}
