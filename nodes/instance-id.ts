import type { NodeAPI } from 'node-red';

/**
 * Returns the ID that Node-RED generates at its first start and stores in its user directory. A node's ID alone is not
 * unique, because it is the same wherever a flow is imported.
 */
export function instanceId({ settings }: NodeAPI): string {
  const { get } = settings as { get?: (name: string) => unknown };
  try {
    const id = get?.('instanceId');
    return typeof id === 'string' ? id : '';
  } catch {
    // A Node-RED without stored settings has no ID.
    return '';
  }
}
