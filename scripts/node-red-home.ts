import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Returns the latest Node-RED that this Node.js supports: Node-RED 5 needs Node.js 22.9. */
export function newestNodeRed(): 'node-red' | 'node-red-4' {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  return major > 22 || (major === 22 && minor >= 9) ? 'node-red' : 'node-red-4';
}

/** Creates a Node-RED user directory in which this package appears to be installed. */
export function prepareUserDir(userDir: string, root: string): void {
  const name = 'node-red-contrib-flowerpower-mqtt';
  mkdirSync(join(userDir, 'node_modules'), { recursive: true });
  const link = join(userDir, 'node_modules', name);
  if (!existsSync(link)) symlinkSync(root, link, 'junction');
  const manifest = { name: 'node-red-project', version: '1.0.0', dependencies: { [name]: '*' } };
  writeFileSync(join(userDir, 'package.json'), JSON.stringify(manifest));
}

/** Settings for a Node-RED that only listens on this machine, asks no questions and checks for no updates. */
export function localSettings(userDir: string, port: number): Record<string, unknown> {
  return {
    userDir,
    flowFile: 'flows.json',
    uiHost: '127.0.0.1',
    uiPort: port,
    httpAdminRoot: '/',
    httpNodeRoot: false,
    credentialSecret: false,
    editorTheme: { tours: false, projects: { enabled: false }, palette: { catalogues: [] } },
    telemetry: { enabled: false, updateNotification: false },
    logging: { console: { level: 'warn', metrics: false, audit: false } },
  };
}
