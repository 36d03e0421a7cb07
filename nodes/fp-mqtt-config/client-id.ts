import type { NodeAPI } from 'node-red';

/** A session belongs to its client ID: without one of its own, to this node of this Node-RED. */
export function clientIdOf(
  RED: NodeAPI,
  { id }: { id: string },
  { client_id }: { client_id: string },
): string {
  return client_id || ['node-red', instanceId(RED), id].filter((part) => part !== '').join('-');
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
