import { OptionsError } from '../../src/index.ts';
import type { RuntimeNode } from './runtime-node.ts';

/**
 * Throws where nodes of this Node-RED lack what settlement reads of them. Node-RED promises none of it, and without it
 * messages would count as finished too early.
 *
 * @throws OptionsError that names the version and what is missing
 */
export function checkNodeRed(node: RuntimeNode, version: string): void {
  const checks: Record<string, boolean> = {
    _expectedDoneCount: typeof node._expectedDoneCount === 'number',
    _inputCallback: '_inputCallback' in node && '_inputCallbacks' in node,
    _flow: typeof node._flow?.getNode === 'function',
    close: typeof node.close === 'function',
  };
  const missing = Object.keys(checks).filter((name) => !checks[name]);
  if (missing.length === 0) return;
  throw new OptionsError([
    `Node-RED ${version} has no ${missing.join(', ')} in its nodes, which this package needs to follow messages: ` +
      'install Node-RED 4.1 or 5',
  ]);
}
