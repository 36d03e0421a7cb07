import { resolve } from 'node:path';
import type { NodeAPI } from 'node-red';

/** Resolves a path relative to the Node-RED user directory. */
export function inUserDir(RED: NodeAPI, path: string): string {
  return resolve(RED.settings.userDir ?? '.', path);
}
