import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { newestNodeRed, prepareUserDir } from '../../scripts/node-red-home.ts';
import { answers, freePort, temporaryDirectory } from '../helpers/servers.ts';
import { until } from '../helpers/until.ts';

const root = join(__dirname, '../../..');

/** A Node-RED in a process of its own, which can be killed and started again with the same user directory. */
export class NodeRedProcess {
  readonly userDir = temporaryDirectory('faults');
  /** Everything that Node-RED printed. */
  output = '';
  /** It ended although nobody killed it. */
  crashes = 0;
  /** Highest resident memory that was seen, in MB. */
  peakMemory = 0;
  #port = 0;
  #process: ChildProcess | undefined;
  #isWanted = false;

  async prepare(flows: object[]): Promise<void> {
    this.#port = await freePort();
    prepareUserDir(this.userDir, root);
    writeFileSync(join(this.userDir, 'flows.json'), JSON.stringify(flows));
    const helpers = join(root, 'dist/scripts/node-red-home.js');
    const settings = `module.exports = {
      ...require(${JSON.stringify(helpers)}).localSettings(${JSON.stringify(this.userDir)}, ${this.#port}),
      functionGlobalContext: { fs: require('node:fs') },
      logging: { console: { level: 'info' } },
    };`;
    writeFileSync(join(this.userDir, 'settings.js'), settings);
  }

  async start(): Promise<void> {
    this.#isWanted = true;
    const red = require.resolve(`${newestNodeRed()}/red.js`);
    const child = spawn(
      process.execPath,
      [red, '-u', this.userDir, '-s', join(this.userDir, 'settings.js')],
      {
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    this.#process = child;
    const keep = (chunk: Buffer) => {
      this.output = (this.output + chunk.toString()).slice(-200_000);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.once('exit', () => {
      if (this.#isWanted && this.#process === child) this.crashes += 1;
    });
    await until('Node-RED answers', () => answers(this.#port), 60_000);
  }

  /** kill -9. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  /** SIGTERM: Node-RED closes its nodes. */
  async stop(): Promise<void> {
    await this.#end('SIGTERM');
  }

  signal(signal: NodeJS.Signals): void {
    this.#process?.kill(signal);
  }

  /** Deploys the flows it has once more: every node restarts. */
  async redeploy(): Promise<void> {
    const headers = { 'Content-Type': 'application/json', 'Node-RED-Deployment-Type': 'full' };
    const body = readFileSync(join(this.userDir, 'flows.json'), 'utf8');
    await fetch(`http://127.0.0.1:${this.#port}/flows`, { method: 'POST', headers, body });
  }

  watchMemory(): void {
    const pid = this.#process?.pid;
    if (pid === undefined || process.platform !== 'linux') return;
    try {
      const kilobytes = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
      this.peakMemory = Math.max(this.peakMemory, Math.round(Number(kilobytes ?? 0) / 1024));
    } catch {
      // It has just ended.
    }
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#process;
    this.#isWanted = false;
    if (!child || child.exitCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGCONT');
    child.kill(signal);
    await ended;
  }
}
