/** One file, run by Node-RED, by `fp-mqtt run`, and by a listener with workers on other machines. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { toFlow } from '../nodes/fp-yaml/to-flow.ts';
import { openGateway, openStore, type GatewayStatistics, type Store } from '../src/index.ts';
import { openInspector, type Inspector } from '../src/queue/inspect/inspector.ts';
import { closing } from './helpers/closing.ts';
import { startCommand, type CommandProcess } from './helpers/command-process.ts';
import { valid } from './helpers/config.ts';
import { sharedMosquitto } from './helpers/mosquitto.ts';
import { openNetworkNamespace } from './helpers/network-namespace.ts';
import { sharedNodeRed, type FlowNode } from './helpers/node-red.ts';
import { publisher } from './helpers/publisher.ts';
import { sharedRedis, startRedis } from './helpers/redis.ts';
import { describeWith } from './helpers/requires.ts';
import { temporaryDirectory, type Server } from './helpers/servers.ts';
import { threePipelines, type ThreePipelines } from './helpers/three-pipelines.ts';
import { until } from './helpers/until.ts';

const MESSAGES = 10;

describeWith(['mosquitto', 'redis', 'flowerpower'], 'one mqtt_config.yml', () => {
  const later = closing();

  /** The file, with a store to look into its queue. */
  const opened = (redis: { port: number } = sharedRedis()) => {
    const redisUrl = `redis://127.0.0.1:${redis.port}`;
    const three = threePipelines({ brokerPort: sharedMosquitto().port, redisUrl });
    const store: Store = openStore({ store: 'redis', redis_url: redisUrl });
    later(() => store.close());
    return { three, inspector: openInspector(store, three.queue) };
  };

  const publish = async ({ topic }: ThreePipelines, from = 0, to = MESSAGES) => {
    const client = await publisher(sharedMosquitto());
    later(() => client.endAsync());
    for (let n = from; n < to; n++) {
      for (const [name, qos] of [
        ['double', 1],
        ['label', 1],
        ['check', 2],
      ] as const) {
        await client.publishAsync(`${topic}/${name}`, JSON.stringify({ n }), { qos });
      }
    }
  };

  it('gives the same results and statistics in Node-RED, by fp-mqtt run, and by workers elsewhere', async () => {
    const inNodeRed = await runInNodeRed(opened(), publish);
    const byRun = await runInOne(opened(), publish, later);
    const elsewhere = await runElsewhere(opened(await openRedis()), publish, later);
    assert.deepEqual(byRun, inNodeRed);
    assert.deepEqual(elsewhere, inNodeRed);
    const { jobs, statistics } = inNodeRed;
    assert.deepEqual(jobs.completed.length, 2 * MESSAGES - 2);
    assert.deepEqual(jobs.dead, ['Error: 0 is refused', 'Error: 5 is refused']);
    assert.deepEqual(statistics.message_count, 3 * MESSAGES);
    assert.deepEqual(statistics.pipeline_count, 3 * MESSAGES);
  });

  it('loses nothing when each process in turn is killed', async () => {
    const { three, inspector } = opened(await openRedis());
    const file = three.file;
    const starts = [
      () => startCommand(['run', file, '--listen-only']),
      () => startCommand(['worker', file, '-c', '2']),
      () => startCommand(['worker', file, '-c', '2']),
    ];
    const running = starts.map((start) => start());
    later(() => Promise.all(running.map((one) => one.end())));
    await running[0]?.untilPrinted(/listens to 3 topics/);
    const wanted = 2 * 4 * MESSAGES;
    for (let part = 0; part < 4; part++) {
      const killed = running[part];
      const publishing = publish(three, part * MESSAGES, (part + 1) * MESSAGES);
      const start = starts[part];
      if (killed && start) {
        await killed.end('SIGKILL');
        running[part] = start();
      }
      await publishing;
    }
    await until(
      'every job has ended',
      async () => {
        const { counts } = await inspector.state();
        return counts.completed + counts.dead >= wanted && counts.running + counts.waiting === 0;
      },
      90_000,
    );
    const { completed, dead } = await jobsOf(inspector);
    const all = Array.from({ length: 4 * MESSAGES }, (_, n) => n);
    // QoS 1 may come twice, never not at all; QoS 2 makes one job.
    const doubles = all.map((n) => JSON.stringify({ result: n * 2 }));
    assert.deepEqual([...new Set(completed.filter((one) => one.includes('result')))], doubles.toSorted());
    const checked = all.filter((n) => n % 5 !== 0).map((n) => JSON.stringify({ n }));
    assert.deepEqual(
      completed.filter((one) => one.includes('"n"')),
      checked.toSorted(),
    );
    assert.equal(dead.length, all.length - checked.length);
  });

  /** A Redis that other networks reach. */
  const openRedis = async (): Promise<Server> => {
    const redis = await startRedis({ args: ['--bind', '0.0.0.0', '--protected-mode', 'no'] });
    later(() => redis.stop());
    return redis;
  };
});

interface Opened {
  three: ThreePipelines;
  inspector: Inspector;
}

type Publish = (three: ThreePipelines) => Promise<void>;
type Later = ReturnType<typeof closing>;

async function runInNodeRed({ three, inspector }: Opened, publish: Publish) {
  const nodeRed = await sharedNodeRed();
  const flow = toFlow(valid(three.text), 'mqtt_config.yml') as FlowNode[];
  await nodeRed.deploy(flow);
  const stats = flow.find(({ type }) => type === 'fp-stats')?.id ?? '';
  const subscribed = flow.filter(({ type }) => type === 'fp-subscribe');
  await until('all are subscribed', () =>
    subscribed.every(({ id }) => nodeRed.status(id).text === '0 received'),
  );
  await publish(three);
  await allEnded(inspector);
  const shown = nodeRed.received(flow.find(({ name }) => name === 'statistics')?.id ?? '');
  const sync = async () => {
    nodeRed.node(stats).receive({});
    return (await until('there are statistics', () => shown.at(-1)?.['payload'])) as GatewayStatistics;
  };
  const statistics = await until('all have been run', async () => {
    shown.length = 0;
    const now = await sync();
    return hasRunAll(now) ? now : undefined;
  });
  const jobs = await jobsOf(inspector);
  await nodeRed.deploy([]);
  return { jobs, statistics: comparable(statistics) };
}

async function runInOne({ three, inspector }: Opened, publish: Publish, later: Later) {
  const gateway = await openGateway(three.file, { userDir: temporaryDirectory('user') });
  later(() => gateway.stop());
  await gateway.start();
  return publishedTo(gateway, { three, inspector }, publish);
}

async function publishedTo(
  gateway: { statistics: () => Promise<GatewayStatistics> },
  { three, inspector }: Opened,
  publish: Publish,
) {
  await publish(three);
  await allEnded(inspector);
  const statistics = await until('all have been run', async () => {
    const now = await gateway.statistics();
    return hasRunAll(now) ? now : undefined;
  });
  return { jobs: await jobsOf(inspector), statistics: comparable(statistics) };
}

/** The listener here, each worker in a network of its own where the machine permits that. */
async function runElsewhere({ three, inspector }: Opened, publish: Publish, later: Later) {
  const gateway = await openGateway(three.file, { userDir: temporaryDirectory('user'), work: false });
  later(() => gateway.stop());
  await gateway.start();
  const workers = [startWorker(three, later), startWorker(three, later)];
  await Promise.all(workers.map((worker) => worker.untilPrinted(/connected to the redis store/)));
  const seen = await publishedTo(gateway, { three, inspector }, publish);
  await until('both workers are listed', async () => (await inspector.workers()).length === 2);
  return seen;
}

function startWorker({ file, text }: ThreePipelines, later: Later): CommandProcess {
  const namespace = openNetworkNamespace();
  if (namespace) {
    later(() => namespace.close());
    file = `${file}.${namespace.host}.yml`;
    writeFileSync(file, text.replace('redis://127.0.0.1', `redis://${namespace.host}`));
  }
  const worker = startCommand(['worker', file], namespace?.prefix);
  later(async () => assert.equal(await worker.end(), 0));
  return worker;
}

function allEnded(inspector: Inspector): Promise<unknown> {
  return until('all jobs have ended', async () => {
    const { counts } = await inspector.state();
    return counts.completed + counts.dead === 2 * MESSAGES;
  });
}

/** The counts of the queue may be older than the others. */
function hasRunAll({ pipeline_count, job_queue_stats }: GatewayStatistics): boolean {
  const { completed = 0, failed = 0 } = job_queue_stats ?? {};
  return pipeline_count === 3 * MESSAGES && completed + failed === 2 * MESSAGES;
}

/** What all jobs came to, in an order that does not depend on time. */
async function jobsOf(inspector: Inspector) {
  const details = async (state: 'completed' | 'dead') => {
    const found = [];
    let cursor: string | undefined;
    do {
      const { rows, next } = await inspector.list({ state, limit: 100, cursor });
      found.push(...(await Promise.all(rows.map(({ id }) => inspector.show(id)))));
      cursor = next;
    } while (cursor !== undefined);
    return found;
  };
  return {
    completed: (await details('completed')).map(({ result }) => JSON.stringify(result)).toSorted(),
    dead: (await details('dead')).map(({ error }) => error).toSorted(),
  };
}

/** Without what differs from run to run: times, names, and how many workers there are. */
function comparable({
  start_time: _start,
  runtime_seconds: _seconds,
  subscriptions,
  ...counts
}: GatewayStatistics) {
  return {
    ...counts,
    subscriptions: subscriptions?.map(({ topic, last_message_time, ...one }) => ({
      ...one,
      topic: topic.split('/').at(-1),
      hasRun: last_message_time !== null,
    })),
    job_queue_stats: { ...counts.job_queue_stats, queue_name: '', workers: 0 },
  };
}
