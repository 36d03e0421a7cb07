import { resolve } from 'node:path';
import type { NodeAPI } from 'node-red';

/** A relative path begins in the Node-RED user directory. */
export function inUserDir(RED: NodeAPI, path: string): string {
  return resolve(RED.settings.userDir ?? '.', path);
}
