import { spawn, type ChildProcess } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { newestNodeRed, prepareUserDir } from '../../scripts/node-red-home.ts';
import { memoryOf } from '../helpers/memory-of.ts';
import type { FlowNode } from '../helpers/node-red.ts';
import { answers, freePort, temporaryDirectory } from '../helpers/servers.ts';
import { until } from '../helpers/until.ts';

const root = join(__dirname, '../../..');

/** Milliseconds: on a busy machine several start at once. */
const MOST_TIME_TO_START = 150_000;
/** Milliseconds: Node-RED gives its nodes 15 s to close. */
const MOST_TIME_TO_STOP = 60_000;
const LOG_LINES = 20;

/** A Node-RED in a process of its own, which can be killed and started again with the same user directory. */
export class NodeRedProcess {
  readonly userDir = temporaryDirectory('faults');
  /** Of an embedded store. */
  readonly storeDirectory = join(this.userDir, 'flowerpower');
  /** The newest lines of its log. */
  readonly log: string[] = [];
  /** For each time that it ended although nobody killed it, the end of its log. */
  readonly crashes: string[] = [];
  /** Lines of its log that tell of errors nobody handled. */
  readonly unhandled: string[] = [];
  #flows: FlowNode[] = [];
  #port = 0;
  #process: ChildProcess | undefined;
  #isWanted = false;

  /** The flows that it has. */
  get flows(): FlowNode[] {
    return this.#flows;
  }

  async prepare(flows: FlowNode[]): Promise<void> {
    this.#port = await freePort();
    this.#flows = flows;
    prepareUserDir(this.userDir, root);
    writeFileSync(join(this.userDir, 'flows.json'), JSON.stringify(flows));
    const helpers = join(root, 'dist/scripts/node-red-home.js');
    const settings = `module.exports = {
      ...require(${JSON.stringify(helpers)}).localSettings(${JSON.stringify(this.userDir)}, ${this.#port}),
      httpNodeRoot: '/',
      functionGlobalContext: { fs: require('node:fs') },
      logging: { console: { level: 'info' } },
    };`;
    writeFileSync(join(this.userDir, 'settings.js'), settings);
  }

  async start(): Promise<void> {
    this.#isWanted = true;
    const red = require.resolve(`${newestNodeRed()}/red.js`);
    const args = [red, '-u', this.userDir, '-s', join(this.userDir, 'settings.js')];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    this.#process = child;
    this.#read(child.stdout, child.stderr);
    child.once('close', () => {
      if (this.#isWanted && this.#process === child) this.crashes.push(this.log.join('\n'));
    });
    await until('Node-RED answers', () => answers(this.#port), MOST_TIME_TO_START);
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

  /** Deploys the flows it has, changed; `type` says whether all, the changed flows or the changed nodes restart. */
  async deploy(type: 'full' | 'flows' | 'nodes', change: (flows: FlowNode[]) => FlowNode[]): Promise<void> {
    this.#flows = change(this.#flows);
    const headers = { 'Content-Type': 'application/json', 'Node-RED-Deployment-Type': type };
    await this.#fetch('/flows', { method: 'POST', headers, body: JSON.stringify(this.#flows) });
  }

  /** What a flow of it answers. */
  async get(path: string): Promise<unknown> {
    const response = await this.#fetch(path, { signal: AbortSignal.timeout(10_000) });
    return response.json();
  }

  /** MB of Node-RED and of the processes it started; 0 while it does not run. */
  memory(): number {
    const { pid } = this.#process ?? {};
    return pid === undefined ? 0 : Math.round(memoryOf(pid) / 1024 / 1024);
  }

  #read(...outputs: Readable[]): void {
    for (const input of outputs) {
      createInterface({ input }).on('line', (line) => {
        if (/uncaught|unhandled/i.test(line)) this.unhandled.push(line);
        this.log.push(line);
        if (this.log.length > LOG_LINES) this.log.shift();
      });
    }
  }

  async #fetch(path: string, init: RequestInit): Promise<Response> {
    const response = await fetch(`http://127.0.0.1:${this.#port}${path}`, init);
    if (response.ok) return response;
    throw new Error(`Node-RED answers ${path} with ${response.status}: ${await response.text()}`);
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#process;
    this.#isWanted = false;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGCONT');
    child.kill(signal);
    const hasEnded = () => child.exitCode !== null || child.signalCode !== null;
    await until(`Node-RED ends after ${signal}`, hasEnded, MOST_TIME_TO_STOP).finally(() =>
      child.kill('SIGKILL'),
    );
  }
}
