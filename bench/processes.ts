import { join } from 'node:path';
import { temporaryDirectory } from '../test/helpers/servers.ts';
import { startChild, type Child } from './child.ts';

interface NodeRedOptions {
  /** Directory for the CPU profile, which is written at the end. */
  profile?: string | undefined;
  /** This package is not installed. */
  isBare?: boolean;
}

/** Starts a Node-RED without flows in a separate process. */
export function startNodeRed({ profile, isBare = false }: NodeRedOptions = {}): Promise<Child> {
  const execArgv = profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`];
  const args = [temporaryDirectory('node-red'), isBare ? 'bare' : 'installed'];
  return startChild(join(__dirname, 'node-red-child.js'), args, { execArgv });
}

/** Starts the script for comparison in a separate process. */
export function startBare(): Promise<Child> {
  return startChild(join(__dirname, 'bare-child.js'));
}
