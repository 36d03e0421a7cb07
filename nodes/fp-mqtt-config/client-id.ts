import type { NodeAPI } from 'node-red';
import { MACHINE_FILE, machineId } from '../../src/index.ts';
import { inUserDir } from '../in-user-dir.ts';
import { instanceId } from '../instance-id.ts';

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
