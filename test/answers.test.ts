/** Two Node-REDs: one enqueues and waits for the results, the other one works and is killed in between. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { NodeRedProcess } from './faults/node-red-process.ts';
import { closing } from './helpers/closing.ts';
import { catcher, enqueue, fn, n, prefixed, queue, sink, worker } from './helpers/flow.ts';
import { sharedNodeRed, withTab, type FlowNode } from './helpers/node-red.ts';
import { postgresUrl, sharedPostgres } from './helpers/postgres.ts';
import { flowerpowerPython } from './helpers/python.ts';
import { redisAddress, sharedRedis } from './helpers/redis.ts';
import { describeWith } from './helpers/requires.ts';
import { expireClaims, startRqWorker } from './helpers/rq.ts';
import { temporaryDirectory } from './helpers/servers.ts';
import { probe, type Probe } from './helpers/test-nodes.ts';
import { until } from './helpers/until.ts';

/** FP_ANSWERS=1000 for the whole number. */
const ANSWERS = Number(process.env['FP_ANSWERS'] ?? 100);
const wait = { wait: true, wait_timeout: '600' };

/** Answers when the file exists that the topic of the message names, if it has one. */
const double = `const fs = global.get('fs');
  const answer = () => {
    if (msg.topic && !fs.existsSync(msg.topic)) return setTimeout(answer, 50);
    msg.result = 2 * msg.payload; node.send(msg); node.done();
  };
  setTimeout(answer, 50);`;

describeWith(['redis', 'postgres', 'flowerpower'], 'answers through a queue', function () {
  this.timeout(300_000 + 300 * ANSWERS);
  const later = closing();

  it('all come back over Redis, PostgreSQL and RQ, with the workers killed in between', async () => {
    const postgres = { store: 'postgres' as const, postgres_url: postgresUrl(sharedPostgres()) };
    const { port } = sharedRedis();
    const rq = { store: 'rq' as const, redis_url: `redis://127.0.0.1:${port}` };
    const queues: Record<string, FlowNode> = {
      redis: queue(redisAddress()),
      postgres: queue(postgres),
      rq: queue(rq, { function: 'rq_tasks.held', max_retries: '3' }),
    };
    const names = Object.keys(queues);

    const work = (name: string) => [
      worker(['double'], { concurrency: '5' }),
      fn('double', double, ['result']),
      n('result', 'fp-job', [[]], { action: 'result', value: 'result', value_type: 'msg' }),
      { ...(queues[name] as FlowNode) },
    ];
    const other = new NodeRedProcess();
    const tab = withTab(['redis', 'postgres'].flatMap((name) => prefixed(name, work(name))));
    await other.prepare(tab);
    later(() => other.kill());
    const python = () => {
      const queue_name = String(queues['rq']?.['queue_name']);
      const opened = startRqWorker(flowerpowerPython ?? '', { port, queue: queue_name });
      later(() => opened.kill());
      return opened;
    };

    const red = await sharedNodeRed();
    later(() => red.deploy([]));
    const probes = names.map((name) => probe(`${name}-answers`));
    const caught = probe('caught');
    const asks = names.flatMap((name) =>
      prefixed(name, [enqueue([['answers'], []], wait), sink('answers'), { ...(queues[name] as FlowNode) }]),
    );
    await red.deploy([...asks, catcher(['caught']), sink('caught')]);
    const ask = (from: number, to: number, topic = '') => {
      for (let payload = from; payload < to; payload++) {
        for (const name of names) red.node(`${name}-enqueue`).receive({ payload, topic });
      }
    };
    const untilAnswered = (count: number, those = probes) =>
      Promise.all(those.map((one) => until(`${count} answers`, () => one.messages.length >= count, 200_000)));
    /** Kills while jobs of these queues run. */
    const killAmid = async (those: Probe[], kill: () => Promise<void>) => {
      await untilAnswered(ANSWERS / 10, those);
      await kill();
      for (const { messages } of those) assert.ok(messages.length < ANSWERS / 2, 'jobs were running');
    };

    await other.start();
    const first = python();
    // So that jobs run when the workers are killed, however late that is.
    const gate = join(temporaryDirectory('gate'), 'open');
    ask(0, ANSWERS / 4);
    ask(ANSWERS / 4, ANSWERS / 2, gate);
    await Promise.all([
      killAmid(probes.slice(0, 2), () => other.kill()),
      killAmid(probes.slice(2), () => first.kill()),
    ]);
    writeFileSync(gate, '');
    ask(ANSWERS / 2, ANSWERS);
    await other.start();
    await expireClaims(port, String(queues['rq']?.['queue_name']));
    python();
    await untilAnswered(ANSWERS);

    assert.deepEqual(caught.messages, []);
    for (const [index, { messages }] of probes.entries()) {
      const factor = names[index] === 'rq' ? 1 : 2;
      const numbers = messages.map(({ payload }) => Number(payload)).toSorted((a, b) => a - b);
      assert.deepEqual(
        numbers,
        Array.from({ length: ANSWERS }, (_, number) => factor * number),
        names[index],
      );
    }
  });
});
