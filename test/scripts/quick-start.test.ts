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
  async function prepare(brokerPort: number) {
    const folder = temporaryDirectory('quick-start');
    const port = await freePort();
    return {
      folder,
      port,
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

  it('runs the quick start with its own broker, stops at Ctrl-C, and continues at the next start', async () => {
    const { args, port } = await prepare(await freePort());
    const first = start(args);
    await until('jobs are completed', () => completed(first.output()) > 0, 60_000);
    assert.match(first.output(), /started here/);
    assert.ok(await answers(port), 'the editor answers');
    const before = completed(first.output());
    first.child.kill('SIGINT');
    const [code] = (await once(first.child, 'exit')) as [number];
    assert.equal(code, 0, first.output());

    const second = start(args);
    await until('more jobs are completed', () => completed(second.output()) > before, 60_000);
    second.child.kill('SIGINT');
    await once(second.child, 'exit');
    const expected = /.*(sensor-\d sent no temperature|Projects disabled|Using unencrypted credentials)/g;
    const log = first.output() + second.output();
    assert.doesNotMatch(log.replaceAll(expected, ''), /error|warn/i);
  });

  if (isInstalled('mosquitto')) {
    it('uses an existing broker', async () => {
      const server = await startMosquitto();
      const { args } = await prepare(server.port);
      const { output, child } = start(args);
      await until('it runs', () => output().includes('is running'), 60_000);
      assert.match(output(), /\(yours\)/);
      child.kill('SIGINT');
      await once(child, 'exit');
      await server.stop();
    });
  }

  it('reports what to do if its port is in use', async () => {
    const { args, port } = await prepare(await freePort());
    const server = (await import('node:http')).createServer().listen(port, '127.0.0.1');
    await once(server, 'listening');
    const { output, child } = start(args);
    await once(child, 'exit');
    server.close();
    assert.match(output(), /Take another: npm start -- --port/);
  });
});
