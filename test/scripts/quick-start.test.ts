import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { startMosquitto } from '../helpers/mosquitto.ts';
import { isInstalled } from '../helpers/requires.ts';
import { answers, freePort, temporaryDirectory } from '../helpers/servers.ts';
import { until } from '../helpers/until.ts';

const root = join(__dirname, '../../..');

describe('npm start', function () {
  let running: ChildProcess | undefined;
  afterEach(() => running?.kill('SIGKILL'));

  /** Prepares the quick start with unique ports and folder. */
  async function prepare() {
    const folder = temporaryDirectory('quick-start');
    const [port, brokerPort] = [await freePort(), await freePort()];
    return {
      port,
      brokerPort,
      args: ['--port', `${port}`, '--broker-port', `${brokerPort}`, '--folder', folder],
    };
  }

  function start(args: string[]): { output: () => string; child: ChildProcess } {
    const child = spawn(process.execPath, [join(root, 'dist/scripts/quick-start/main.js'), ...args]);
    running = child;
    let output = '';
    const keep = (chunk: Buffer) => (output += chunk.toString());
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    return { output: () => output, child };
  }

  const completed = (text: string) => Number(/.*completed (\d+)/s.exec(text)?.[1] ?? 0);

  it('runs the quick start with its own broker, stops at Ctrl-C, and continues at the next start; uses an existing broker', async () => {
    const { args, port, brokerPort } = await prepare();
    const first = start(args);
    await until('jobs are completed', () => completed(first.output()) > 0);
    assert.match(first.output(), /started here/);
    assert.ok(await answers(port), 'the editor answers');
    const before = completed(first.output());
    first.child.kill('SIGINT');
    const [code] = (await once(first.child, 'exit')) as [number];
    assert.equal(code, 0, first.output());

    const existing = isInstalled('mosquitto') ? await startMosquitto({ port: brokerPort }) : undefined;
    const second = start(args);
    await until('more jobs are completed', () => completed(second.output()) > before);
    assert.match(second.output(), existing ? /\(yours\)/ : /started here/);
    second.child.kill('SIGINT');
    await once(second.child, 'exit');
    await existing?.stop();
    const expected = /.*(sensor-\d sent no temperature|Projects disabled|Using unencrypted credentials)/g;
    const log = first.output() + second.output();
    assert.doesNotMatch(log.replaceAll(expected, ''), /error|warn/i);
  });

  it('reports what to do if its port is in use', async () => {
    const { args, port } = await prepare();
    const server = (await import('node:http')).createServer().listen(port, '127.0.0.1');
    await once(server, 'listening');
    const { output, child } = start(args);
    await once(child, 'exit');
    server.close();
    assert.match(output(), /Take another: npm start -- --port/);
  });
});
