import type { NodeAPI } from 'node-red';
import { MACHINE_FILE, machineId } from '../../src/index.ts';
import { inUserDir } from '../settings.ts';

/** Returns the configured client ID, or one that is unique to this node and this Node-RED. */
export function clientIdOf(
  RED: NodeAPI,
  { id }: { id: string },
  { client_id }: { client_id: string },
): string {
  if (client_id) return client_id;
  const machine = machineId(inUserDir(RED, MACHINE_FILE));
  return ['node-red', instanceId(RED), machine, id].filter((part) => part !== '').join('-');
}

/**
 * Returns the ID that Node-RED generates at its first start and stores in its user directory. A node's ID alone is not
 * unique, because it is the same wherever a flow is imported.
 */
function instanceId({ settings }: NodeAPI): string {
  const { get } = settings as { get?: (name: string) => unknown };
  try {
    const id = get?.('instanceId');
    return typeof id === 'string' ? id : '';
  } catch {
    // A Node-RED without stored settings has no ID.
    return '';
  }
}
