import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { newestNodeRed, prepareUserDir } from '../../scripts/node-red-home.ts';
import { withTab, type FlowNode } from './node-red.ts';
import { answers, freePort, temporaryDirectory } from './servers.ts';
import { until } from './until.ts';

const root = join(__dirname, '../../..');

/** JavaScript of `adminAuth.users` and `adminAuth.tokens`, which may use `hash(password)`. */
interface Login {
  users: string;
  tokens?: string;
}

/** A Node-RED process whose editor has a login. */
export interface GuardedNodeRed {
  url: string;
  /** What it has logged. */
  log: () => string;
  stop: () => Promise<void>;
}

export async function startGuarded(login: Login, flows: FlowNode[] = []): Promise<GuardedNodeRed> {
  const userDir = temporaryDirectory('guarded');
  const port = await freePort();
  prepareUserDir(userDir, root);
  writeFileSync(join(userDir, 'flows.json'), JSON.stringify(withTab(flows)));
  const settings = join(userDir, 'settings.js');
  writeFileSync(settings, settingsText(login, userDir, port));
  const red = require.resolve(`${newestNodeRed()}/red.js`);
  const child = spawn(process.execPath, [red, '-u', userDir, '-s', settings], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let log = '';
  child.stdout.on('data', (part: Buffer) => (log += part.toString()));
  const ended = once(child, 'exit');
  const stop = async () => {
    child.kill();
    await ended;
  };
  try {
    // Node-RED answers before its flows run.
    await until('its flows have started', () => log.includes('Started flows'));
    await until('Node-RED answers', () => answers(port));
  } catch (error) {
    await stop();
    throw error;
  }
  return { url: `http://127.0.0.1:${port}`, log: () => log, stop };
}

function settingsText({ users, tokens }: Login, userDir: string, port: number): string {
  const home = join(root, 'dist/scripts/node-red-home.js');
  const bcrypt = require.resolve('bcryptjs', { paths: [require.resolve(`${newestNodeRed()}/red.js`)] });
  return `const { localSettings } = require(${JSON.stringify(home)});
    const hash = (password) => require(${JSON.stringify(bcrypt)}).hashSync(password, 4);
    const adminAuth = { type: 'credentials', users: ${users}${tokens ? `, tokens: ${tokens}` : ''} };
    const logging = { console: { level: 'info' } };
    const flowerpowerMqtt = { metrics: true };
    const lang = 'en-US';
    module.exports = { ...localSettings(${JSON.stringify(userDir)}, ${port}), lang, adminAuth, logging, flowerpowerMqtt };`;
}
