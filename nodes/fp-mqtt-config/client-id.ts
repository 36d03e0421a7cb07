import type { NodeAPI } from 'node-red';
import { inUserDir } from '../in-user-dir.ts';
import { machineId } from './machine-id.ts';

/** A session belongs to its client ID: without one of its own, to this node of this Node-RED on this machine. */
export function clientIdOf(
  RED: NodeAPI,
  { id }: { id: string },
  { client_id }: { client_id: string },
): string {
  if (client_id) return client_id;
  const machine = machineId(inUserDir(RED, 'flowerpower-machine.json'));
  return ['node-red', instanceId(RED), machine, id].filter((part) => part !== '').join('-');
}

/**
 * What Node-RED makes at its first start and keeps in its user directory. The ids of nodes are the same wherever a flow is
 * imported, and two clients with one ID throw each other off.
 */
function instanceId({ settings }: NodeAPI): string {
  const { get } = settings as { get?: (name: string) => unknown };
  try {
    const id = get?.('instanceId');
    return typeof id === 'string' ? id : '';
  } catch {
    // A Node-RED that keeps no settings has none.
    return '';
  }
}
