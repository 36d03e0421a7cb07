import { join } from 'node:path';
import { temporaryDirectory } from '../test/helpers/servers.ts';
import { startChild, type Child } from './child.ts';

interface NodeRedOptions {
  /** Where its CPU profile goes when it ends. */
  profile?: string | undefined;
  /** Whether this package is missing there. */
  isBare?: boolean;
}

/** A Node-RED in a process of its own, with no flow yet. */
export function startNodeRed({ profile, isBare = false }: NodeRedOptions = {}): Promise<Child> {
  const execArgv = profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`];
  const args = [temporaryDirectory('node-red'), isBare ? 'bare' : 'installed'];
  return startChild(join(__dirname, 'node-red-child.js'), args, { execArgv });
}

/** The script to compare with, in a process of its own. */
export function startBare(): Promise<Child> {
  return startChild(join(__dirname, 'bare-child.js'));
}
