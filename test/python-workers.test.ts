/** A file whose jobs Python workers run, from the broker to their results, while everything is killed in turn. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { readPickle, type Inspector } from '../src/index.ts';
import { inspectRq } from '../src/queue/rq/inspect/inspect-rq.ts';
import { openRqStore } from '../src/queue/rq/rq-store.ts';
import { NodeRedProcess } from './faults/node-red-process.ts';
import { closing } from './helpers/closing.ts';
import { startCommand, type CommandProcess } from './helpers/command-process.ts';
import { broker, enqueue, queue, subscribe } from './helpers/flow.ts';
import { sharedMosquitto } from './helpers/mosquitto.ts';
import { openNetworkNamespace } from './helpers/network-namespace.ts';
import { withTab } from './helpers/node-red.ts';
import { publisher } from './helpers/publisher.ts';
import { flowerpowerPython } from './helpers/python.ts';
import { sharedRedis, startRedis } from './helpers/redis.ts';
import { describeWith } from './helpers/requires.ts';
import { expireClaims, startRqWorker, type RqWorker } from './helpers/rq.ts';
import { freePort, temporaryDirectory, type Server } from './helpers/servers.ts';
import { unique } from './helpers/unique.ts';
import { until } from './helpers/until.ts';

/** FP_RQ_JOBS=2000 takes minutes: RQ forks for each job. */
const JOBS = Number(process.env['FP_RQ_JOBS'] ?? 80);
const python = flowerpowerPython ?? '';

describeWith(['mosquitto', 'redis', 'flowerpower'], 'a file of Python workers', function () {
  this.timeout(300_000 + 300 * JOBS);
  const later = closing();

  it('runs each message of QoS 2 as one job, and loses none, with listener, workers and Redis killed in turn', async () => {
    const place = { port: await freePort(), directory: temporaryDirectory('redis') };
    const start = () =>
      startRedis({
        ...place,
        args: ['--appendfsync', 'always', '--bind', '0.0.0.0', '--protected-mode', 'no'],
      });
    let redis: Server = await start();
    later(() => redis.stop());
    const [queue_name, topic] = [unique('queue'), unique('topic')];
    const folder = temporaryDirectory('config');
    const [file, log] = [join(folder, 'mqtt_config.yml'), join(folder, 'log')];
    writeFileSync(log, '');
    writeFileSync(file, stringify(config({ port: place.port, queue_name, topic })));

    const listen = async () => {
      const opened = startCommand(['run', file, '--user-dir', folder]);
      await opened.untilPrinted(/listens to 1 topic/);
      return opened;
    };
    const network = openNetworkNamespace();
    if (network) later(() => network.close());
    const work = () => startRqWorker(python, { port: place.port, queue: queue_name, network });
    let listener: CommandProcess = await listen();
    later(() => listener.end());
    const workers: RqWorker[] = [work(), work()];
    later(() => Promise.all(workers.map((worker) => worker.kill())));
    const client = await publisher(sharedMosquitto());
    later(() => client.endAsync());
    const publish = async (from: number, to: number) => {
      for (let n = from; n < to; n++) {
        await client.publishAsync(topic, JSON.stringify({ n, file: log, seconds: 0 }), { qos: 2 });
      }
    };
    const part = JOBS / 4;

    const first = publish(0, part);
    await listener.end('SIGKILL');
    listener = await listen();
    await first;
    const second = publish(part, 2 * part);
    await workers[0]?.kill();
    workers.push(work());
    await second;
    const third = publish(2 * part, 3 * part);
    redis.process.kill('SIGKILL');
    await redis.stop();
    redis = await start();
    await third;
    await publish(3 * part, JOBS);

    const startOneMore = () => {
      // Not while the newest still starts, which on a busy machine takes longer than nothing happens.
      if (isStarting(workers.at(-1))) return false;
      workers.push(work());
      return true;
    };
    await untilAllHaveEnded({ port: place.port, queue_name, jobs: JOBS, startOneMore });
    const { numbers, dead } = await resultsOf(place.port, queue_name);
    assert.equal(dead, 0);
    assert.deepEqual(numbers, inOrder(JOBS));
    assert.equal(endedIn(log).size, JOBS);
  });

  it('loses no message of QoS 1 when Node-RED is killed, and started again, while they come', async () => {
    const { port } = sharedRedis();
    const [queue_name, topic] = [unique('queue'), unique('topic')];
    const log = join(temporaryDirectory('rq'), 'log');
    writeFileSync(log, '');
    const address = { store: 'rq', redis_url: `redis://127.0.0.1:${port}` } as const;
    const settings = { queue_name, function: 'rq_tasks.slow', result_ttl: '86400' };
    const red = new NodeRedProcess();
    await red.prepare(
      withTab([
        broker(sharedMosquitto(), { clean_session: false }),
        queue(address, settings),
        subscribe(topic, ['enqueue'], { qos: '1', execution_mode: 'async' }),
        enqueue(),
      ]),
    );
    later(() => red.kill());
    const client = await publisher(sharedMosquitto());
    later(() => client.endAsync());
    const worker = startRqWorker(python, { port, queue: queue_name });
    later(() => worker.kill());
    const publish = async (from: number, to: number) => {
      for (let n = from; n < to; n++) {
        await client.publishAsync(topic, JSON.stringify({ n, file: log, seconds: 0 }), { qos: 1 });
      }
    };

    await red.start();
    // Not until it has run: a busy worker would get the same message a hundred times, before the others.
    await withInspector(port, queue_name, (inspector) =>
      until('the first message is a job', async () => {
        await publish(0, 1);
        const { waiting, running, completed } = (await inspector.state()).counts;
        return waiting + running + completed > 0;
      }),
    );
    await publish(1, JOBS / 4);
    const publishing = publish(JOBS / 4, JOBS);
    await red.kill();
    await publishing;
    await red.start();
    await until('every message has run', () => endedIn(log).size === JOBS, 240_000 + 250 * JOBS);
    await untilAllHaveEnded({ port, queue_name, jobs: JOBS });
    // Some messages came twice, and RQ notes a result after the job has written its end: the last one may still lack it.
    const { numbers, dead } = await until('RQ has noted every result', async () => {
      const results = await resultsOf(port, queue_name);
      return new Set(results.numbers).size === JOBS && results;
    });
    assert.equal(dead, 0);
    assert.deepEqual([...new Set(numbers)], inOrder(JOBS));
  });
});

function inOrder(count: number): number[] {
  return Array.from({ length: count }, (_, n) => n);
}

/** The numbers of the jobs that have ended. */
function endedIn(log: string): Set<number> {
  return new Set([...readFileSync(log, 'utf8').matchAll(/end (\d+)\n/g)].map(([, n]) => Number(n)));
}

function isStarting(worker: RqWorker | undefined): boolean {
  if (!worker) return false;
  const { exitCode, signalCode } = worker.process;
  return exitCode === null && signalCode === null && !worker.output().includes('Listening on');
}

interface Expected {
  port: number;
  queue_name: string;
  jobs: number;
  /** Starts one more worker, for the jobs of those that were killed; false if it does not start one now. */
  startOneMore?: () => boolean;
}

async function untilAllHaveEnded({ port, queue_name, jobs, startOneMore }: Expected): Promise<void> {
  await withInspector(port, queue_name, async (inspector) => {
    let before = '';
    let looks = 0;
    await until(
      'every job has ended',
      async () => {
        const { counts } = await inspector.state();
        const now = JSON.stringify(counts);
        looks = now === before ? looks + 1 : 0;
        before = now;
        // Nothing happens any more: jobs whose worker was killed, or could not reach Redis, begin anew. RQ's workers may have
        // ended, too, if Redis was away.
        if (looks % 100 === 99 && startOneMore?.()) await expireClaims(port, queue_name);
        return counts.completed >= jobs && counts.waiting + counts.running === 0;
      },
      240_000 + 250 * jobs,
    ).catch((error: Error) => assert.fail(`${error.message}: ${before}`));
  });
}

/** The results of the completed jobs, sorted, and how many have failed. */
async function resultsOf(port: number, queue_name: string): Promise<{ numbers: number[]; dead: number }> {
  return withInspector(port, queue_name, async (inspector) => {
    const numbers: number[] = [];
    let cursor: string | undefined;
    do {
      const page = await inspector.list({ state: 'completed', limit: 100, cursor });
      for (const { id } of page.rows) numbers.push(Number((await inspector.show(id)).result));
      cursor = page.next;
    } while (cursor !== undefined);
    const { counts } = await inspector.state();
    return { numbers: numbers.toSorted((a, b) => a - b), dead: counts.dead };
  });
}

async function withInspector<T>(
  port: number,
  queue_name: string,
  look: (inspector: Inspector) => Promise<T>,
): Promise<T> {
  const store = openRqStore({ store: 'rq', redis_url: `redis://127.0.0.1:${port}` });
  try {
    return await look(inspectRq(store, { queue_name, readPickle }));
  } finally {
    await store.close();
  }
}

function config({ port, queue_name, topic }: { port: number; queue_name: string; topic: string }): object {
  const session = { client_id: unique('client'), clean_session: false, reconnect_delay: 0.2 };
  return {
    mqtt: { broker: '127.0.0.1', port: sharedMosquitto().port, ...session },
    subscriptions: [{ topic, pipeline: 'p', qos: 2, execution_mode: 'async' }],
    job_queue: {
      enabled: true,
      type: 'rq',
      workers: 'python',
      redis_url: `redis://127.0.0.1:${port}`,
      queue_name,
      function: 'rq_tasks.slow',
      result_ttl: 86_400,
      max_retries: 5,
    },
  };
}
