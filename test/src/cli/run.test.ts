import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { closing } from '../../helpers/closing.ts';
import { startCommand } from '../../helpers/command-process.ts';
import { command } from '../../helpers/command.ts';
import { isRunning } from '../../helpers/is-running.ts';
import { sharedMosquitto } from '../../helpers/mosquitto.ts';
import { publisher } from '../../helpers/publisher.ts';
import { sharedRedis } from '../../helpers/redis.ts';
import { describeWith } from '../../helpers/requires.ts';
import { freePort, temporaryDirectory } from '../../helpers/servers.ts';
import { threePipelines } from '../../helpers/three-pipelines.ts';
import { until } from '../../helpers/until.ts';

const root = join(__dirname, '../../../..');

describeWith(['mosquitto', 'redis'], 'fp-mqtt', () => {
  const later = closing();

  /** A file, and a user directory of its own. */
  const setUp = (store = 'redis') => {
    const redisUrl = `redis://127.0.0.1:${sharedRedis().port}`;
    const three = threePipelines({ brokerPort: sharedMosquitto().port, redisUrl });
    writeFileSync(three.file, three.text.replace('type: bullmq', `type: bullmq\n  store: ${store}`));
    return { ...three, userDir: temporaryDirectory('user') };
  };

  const start = (...given: string[]) => {
    const started = startCommand(given);
    later(() => started.end('SIGKILL'));
    return started;
  };

  const check = async (topic: string, n: number) => {
    const client = await publisher(sharedMosquitto());
    await client.publishAsync(`${topic}/check`, JSON.stringify({ n }), { qos: 2 });
    await client.endAsync();
  };

  it('run listens and works until SIGTERM, and ends with 0', async () => {
    const { file, topic, userDir } = setUp();
    const run = start('run', file, '--user-dir', userDir);
    await run.untilPrinted(/listens to 3 topics/);
    await check(topic, 5);
    await run.untilPrinted(/error job \S+ \(check\) is a dead letter: Error: 5 is refused/);
    assert.equal(await run.end(), 0);
    assert.match(run.output(), /SIGTERM: what runs has 10 s to end/);
  });

  it('run --log json prints an object a line', async () => {
    const { file, userDir } = setUp();
    const run = start('run', file, '--log', 'json', '--user-dir', userDir);
    await run.untilPrinted(/listens to/);
    await run.end();
    for (const line of run.output().trim().split('\n')) {
      assert.deepEqual(Object.keys(JSON.parse(line)), ['time', 'level', 'message']);
    }
  });

  it('run --metrics answers Prometheus, on this machine only', async () => {
    const { file, topic, userDir } = setUp();
    const port = `${await freePort()}`;
    const run = start('run', file, '--user-dir', userDir, '--metrics', port);
    await run.untilPrinted(/listens to 3 topics/);
    await check(topic, 1);
    const scrape = async () => {
      const response = await fetch(`http://127.0.0.1:${port}/metrics`);
      assert.match(response.headers.get('content-type') ?? '', /^text\/plain;.*version=0\.0\.4/);
      return response.text();
    };
    const text = await until('the job is counted', async () => {
      const now = await scrape();
      return /^fp_jobs_completed_total{queue="\S+",store="redis"} 1$/m.test(now) && now;
    });
    assert.match(text, /^fp_queue_up{.*} 1$/m);
    assert.match(text, /^fp_mqtt_connected{broker=".*"} 1$/m);
    assert.match(text, new RegExp(`^fp_mqtt_messages_received_total{.*topic="${topic}/check"} 1$`, 'm'));
    assert.match(text, /^fp_pipeline_processes{.*language="javascript"} \d$/m);
    assert.equal((await fetch(`http://127.0.0.1:${port}/`)).status, 404);
    await assert.rejects(fetch(`http://127.0.0.2:${port}/metrics`));
    const second = start('worker', file, '--metrics', port);
    assert.equal(await second.exitCode, 1);
    assert.match(second.output(), new RegExp(`no metrics at 127.0.0.1:${port}: .*EADDRINUSE`));
    assert.equal(await run.end(), 0);
  });

  it('monitor shows listener, queue and workers of this machine', async () => {
    const { file, topic, userDir } = setUp();
    const run = start('run', file, '--user-dir', userDir);
    await run.untilPrinted(/listens to/);
    await check(topic, 1);
    const look = async () =>
      JSON.parse((await command('monitor', file, '--once', '--json', '--user-dir', userDir)).output);
    const seen = await until('the job is completed', async () => {
      const now = await look();
      return now.queue.counts.completed === 1 && now;
    });
    assert.equal(seen.listener.message_count, 1);
    assert.equal(seen.workers[0].process, run.pid);
    const { output } = await command('monitor', file, '--once', '--user-dir', userDir);
    assert.match(output, /connected, 1 messages, 0 errors\n/);
    assert.match(output, new RegExp(`${topic}/check +2 +async +check +1 +0\n`));
    await run.end();
    const after = await command('monitor', file, '--once', '--user-dir', userDir);
    assert.match(after.output, /no fp-mqtt run of this file listens on this machine/);
  });

  it('jobs worker start runs N processes, starts what dies again, and stop ends them', async () => {
    const { file } = setUp();
    const keeper = start('jobs', 'worker', 'start', '--config', file, '--count', '2');
    const pids = async () => {
      const { output } = await command('jobs', 'worker', 'status', '--config', file, '--json');
      return JSON.parse(output).map(({ process: pid }: { process: number }) => pid) as number[];
    };
    const before = await until('both are there', async () => {
      const found = await pids();
      return found.length === 2 && found;
    });
    process.kill(before[0] ?? 0, 'SIGKILL');
    const after = await until('another one is there', async () => {
      const found = await pids();
      return found.length === 2 && !found.includes(before[0] ?? 0) && found;
    });
    assert.ok(after.includes(before[1] ?? 0));
    const { output } = await command('jobs', 'worker', 'stop', '--config', file, '--json');
    assert.deepEqual(JSON.parse(output).stopped.toSorted(), after.toSorted());
    assert.equal(await keeper.exitCode, 0);
    assert.deepEqual(await pids(), []);
  });

  it('jobs worker start --detach leaves them running, and stop leaves those of others', async () => {
    const { file, userDir } = setUp();
    const run = start('run', file, '--user-dir', userDir);
    await run.untilPrinted(/connected to the redis store/);
    const { output } = await command('jobs', 'worker', 'start', '--config', file, '--detach');
    assert.match(output, /^process \d+ keeps 1 workers running\n$/);
    const workers = async () => {
      const status = await command('jobs', 'worker', 'status', '--config', file, '--json');
      return JSON.parse(status.output) as { isCommand: boolean; process: number }[];
    };
    const both = await until('both are there', async () => {
      const found = await workers();
      return found.length === 2 && found;
    });
    const detached = both.find(({ isCommand }) => isCommand)?.process ?? 0;
    await command('jobs', 'worker', 'stop', '--config', file);
    await until('the detached one has ended', () => !isRunning(detached));
    await until('only that of run is left', async () => {
      const [left, ...others] = await workers();
      return left?.process === run.pid && others.length === 0;
    });
  });

  it('jobs reaches an embedded store through the process that has it', async () => {
    const { file, topic, userDir } = setUp('embedded');
    const run = start('run', file, '--user-dir', userDir);
    await run.untilPrinted(
      /connected to the embedded store[^]*listens to|listens to[^]*connected to the embedded store/,
    );
    await check(topic, 5);
    const where = ['--config', file, '--user-dir', userDir, '--json'];
    const jobs = async (...given: string[]) => {
      const { code, output, warnings } = await command('jobs', ...given, ...where);
      assert.equal(code, 0, warnings);
      return JSON.parse(output);
    };
    // It offers its queue a moment after it has said that it is connected.
    await until('it offers its queue', async () => (await command('jobs', 'status', ...where)).code === 0);
    await until('it is dead', async () => (await jobs('status')).counts.dead === 1);
    const { rows } = await jobs('list');
    assert.match((await jobs('show', rows[0].id)).error, /5 is refused/);
    assert.equal((await jobs('worker', 'status'))[0].process, run.pid);
    assert.deepEqual(await jobs('retry', '--all'), { retried: 1 });
    await jobs('pause');
    assert.equal((await jobs('status')).isPaused, true);
  });

  it('refuses what cannot be, with exit code 2', async () => {
    const { file, userDir } = setUp('embedded');
    for (const [given, words] of [
      [['run', file, '--listen-only', '--workers-only'], /either --listen-only or --workers-only/],
      [['worker', file, '-c', '0'], /--concurrency must be a whole number from 1 to 1000/],
      [['run', file, '--log', 'xml'], /--log is text or json/],
      [['run', file, '--metrics', 'localhost'], /--metrics must be PORT or HOST:PORT/],
      [['run', file, '--metrics', '65536'], /--metrics must be PORT or HOST:PORT/],
      [['monitor', file, '--interval', '0', '--user-dir', userDir], /--interval must be/],
      [['jobs', 'worker', 'start', '--config', file], /an embedded store has one process/],
      [['jobs', 'worker', 'start', '--config', file, '--count', '0'], /--count must be/],
    ] as const) {
      const { code, warnings } = await command(...given);
      assert.deepEqual([code, words.test(warnings)], [2, true], warnings);
    }
  });

  it('works in a pipe without colours or a live line', () => {
    const { file } = setUp();
    const output = execFileSync(process.execPath, [
      join(root, 'dist/src/cli/fp-mqtt.js'),
      'subscriptions',
      file,
    ]);
    assert.ok(!output.includes('\u001B'));
  });

  it('has every verb in the README', async () => {
    const readme = readFileSync(join(root, 'README.md'), 'utf8');
    const { output } = await command('--help');
    const verbs = [...output.matchAll(/^ {2}([a-z ]+?)(?: [[I]| --|  )/gm)].map(([, words = '']) =>
      words.trim(),
    );
    assert.ok(verbs.length > 15);
    for (const words of verbs) assert.ok(readme.includes(`fp-mqtt ${words}`), words);
  });
});
