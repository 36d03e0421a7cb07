import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  broker,
  catcher,
  enqueue,
  pipeline,
  project,
  queue,
  sink,
  subscribe,
  worker,
} from '../helpers/flow.ts';
import { sharedMosquitto } from '../helpers/mosquitto.ts';
import { sharedNodeRed, untilStatus, type FlowNode, type TestNodeRed } from '../helpers/node-red.ts';
import { projectWith } from '../helpers/project.ts';
import { flowerpowerAlone } from '../helpers/python.ts';
import { publisher } from '../helpers/publisher.ts';
import { sharedRedis } from '../helpers/redis.ts';
import { describeWith } from '../helpers/requires.ts';
import { temporaryDirectory } from '../helpers/servers.ts';
import { probe } from '../helpers/test-nodes.ts';
import { unique } from '../helpers/unique.ts';
import { until } from '../helpers/until.ts';

const twice = 'export default ({ mqtt_message }) => ({ twice: mqtt_message.n * 2 });';

describeWith(['mosquitto', 'redis'], 'fp-pipeline', function () {
  let red: TestNodeRed;
  let redis: { store: 'redis'; redis_url: string };

  before(async () => {
    red = await sharedNodeRed();
    redis = { store: 'redis', redis_url: `redis://127.0.0.1:${sharedRedis().port}` };
  });
  afterEach(() => red.deploy([]));

  /** From fp-enqueue to a job's end; what comes out is in the probes `result`, `completed` and `dead`. */
  const jobs = (
    files: Record<string, string>,
    more: { queue?: object; worker?: object } = {},
  ): FlowNode[] => [
    project(projectWith(files)),
    queue(redis, more.queue),
    enqueue([], { pipeline: 'pipe', pipeline_type: 'str' }),
    worker(['pipeline', 'completed', 'dead'], more.worker),
    pipeline(['result']),
    sink('result'),
    sink('completed'),
    sink('dead'),
  ];
  const add = (payload: unknown) => red.node('enqueue').receive({ payload });

  it('runs the pipeline that a job names; the result is the payload, and the job is completed after it', async () => {
    const [result, completed] = [probe('result'), probe('completed')];
    await red.deploy(jobs({ 'pipe.mjs': twice }));
    add({ n: 21 });
    const [message] = await result.got(1);
    assert.deepEqual(message?.['payload'], { twice: 42 });
    const { start_time, execution_time, ...run } = Object(message?.['pipelineRun']) as Record<
      string,
      unknown
    >;
    assert.deepEqual(run, { name: 'pipe', kind: 'javascript', status: 'success' });
    assert.ok(!Number.isNaN(Date.parse(String(start_time))) && Number(execution_time) >= 0);
    await completed.got(1);
    await untilStatus(red, 'pipeline', /\d s pipe/);
  });

  it("fails its job with the pipeline's own error and stack, which is tried again and then a dead letter", async () => {
    const dead = probe('dead');
    const files = { 'pipe.mjs': "export default () => { throw new RangeError('too warm'); };" };
    await red.deploy(jobs(files, { queue: { max_retries: '2' } }));
    add({});
    const [letter] = await dead.got(1);
    const { message, stack } = Object(letter?.['error']) as { message: string; stack: string };
    assert.equal(message, 'RangeError: too warm');
    assert.match(stack, /pipe\.mjs/);
    assert.equal((Object(letter?.['job']) as { attempt: number }).attempt, 3);
    await untilStatus(red, 'pipeline', /too warm/);
  });

  it('a name that there is not is a dead letter at once, which lists what there is', async () => {
    const dead = probe('dead');
    await red.deploy(jobs({ 'other.mjs': twice }, { queue: { max_retries: '5' } }));
    add({});
    const [letter] = await dead.got(1);
    assert.match((Object(letter?.['error']) as Error).message, /no pipeline pipe in .*there are other/);
    assert.equal((Object(letter?.['job']) as { attempt: number }).attempt, 1);
  });

  it("a run is stopped when its job's time is up", async () => {
    const [dead, result] = [probe('dead'), probe('result')];
    const files = {
      'pipe.mjs': 'export default ({ mqtt_message }) => { while (mqtt_message.endless); return 1; };',
    };
    await red.deploy([...jobs(files, { worker: { timeout: '3' } })]);
    add({ endless: true });
    const [letter] = await dead.got(1);
    assert.match((Object(letter?.['error']) as Error).message, /ran longer than 3 s; still held by pipeline/);
    // Both processes of the project are free again. Messages of no job have no time-out, whatever a process takes to start.
    for (let i = 0; i < 3; i++) red.node('pipeline').receive({ pipeline: 'pipe', payload: {} });
    await result.got(3);
  });

  it('a redeploy waits for a run, which ends its job if no node was to get the result; none runs twice', async () => {
    const completed = probe('completed');
    const file = join(temporaryDirectory('runs'), 'runs');
    const [begun, mayEnd] = [`${file}-begun`, `${file}-may-end`];
    const files = {
      'pipe.mjs': `import { appendFileSync, existsSync, writeFileSync } from 'node:fs';
        export default async ({ mqtt_message: { n } }) => {
          writeFileSync(${JSON.stringify(begun)}, '');
          while (!existsSync(${JSON.stringify(mayEnd)})) await new Promise((end) => setTimeout(end, 20));
          appendFileSync(${JSON.stringify(file)}, \`\${n}\\n\`);
        };`,
    };
    const flow = jobs(files, { worker: { concurrency: '1' } }).map((node) =>
      node.id === 'pipeline' ? pipeline([]) : node,
    );
    await red.deploy(flow);
    add({ n: 1 });
    await untilStatus(red, 'pipeline', /1 running/);
    await until('its process runs it', () => existsSync(begun));
    red.node('pipeline').on('close', () => writeFileSync(mayEnd, ''));
    await red.deploy(flow);
    add({ n: 2 });
    // What the nodes before the redeploy still sent is nobody's any more: the first job shows in the file alone.
    await until('the second is completed', () =>
      completed.messages.some(({ payload }) => (payload as { n: number }).n === 2),
    );
    assert.equal(readFileSync(file, 'utf8'), '1\n2\n');
  });

  it('without a name anywhere it says what to do', async () => {
    const caught = probe('caught');
    await red.deploy([
      project(projectWith({})),
      pipeline(),
      catcher(['caught'], { id: 'catcher' }),
      sink('caught'),
    ]);
    red.node('pipeline').receive({ payload: 1 });
    const [message] = await caught.got(1);
    assert.match((Object(message?.['error']) as Error).message, /no pipeline is named/);
  });

  it('runs messages at once behind fp-subscribe, in order, with the topic and mode as inputs', async () => {
    const server = sharedMosquitto();
    const result = probe('result');
    const topic = unique('topic');
    await red.deploy([
      broker(server),
      project(projectWith({ 'pipe.mjs': 'export default (inputs) => inputs;' })),
      subscribe(topic, ['pipeline'], { execution_mode: 'sync', pipeline: 'pipe' }),
      pipeline(['result']),
      sink('result'),
    ]);
    await untilStatus(red, 'subscribe', '0 received');
    const client = await publisher(server);
    for (const n of [1, 2, 3]) await client.publishAsync(topic, JSON.stringify({ n }), { qos: 1 });
    const messages = await result.got(3);
    const inputs = messages.map(({ payload }) => payload as Record<string, unknown>);
    assert.deepEqual(
      inputs.map(({ mqtt_message }) => mqtt_message),
      [{ n: 1 }, { n: 2 }, { n: 3 }],
    );
    const { mqtt_topic, mqtt_qos, execution_mode } = inputs[0] ?? {};
    assert.deepEqual([mqtt_topic, mqtt_qos, execution_mode], [topic, 1, 'sync']);
    await client.endAsync();
  });
});

/** What a pipeline of the test below gave, by its message's number. */
function withoutPid(payload: unknown): [number, object] {
  const { pid: _pid, ...rest } = (payload as { result: { pid: number; n: number } }).result;
  return [rest.n, rest];
}

describeWith(['mosquitto', 'redis', 'flowerpower'], 'fp-pipeline with FlowerPower', function () {
  this.timeout(600_000);

  it('1,000 messages from the broker give what Python alone gives, though a process is killed in between', async () => {
    const [red, server, redis] = [await sharedNodeRed(), sharedMosquitto(), sharedRedis()];
    const topic = unique('topic');
    const source = `import os
from typing import Any
def root(mqtt_message: Any) -> float:
    return mqtt_message["n"] ** 0.5
def result(root: float, mqtt_message: Any, mqtt_topic: str, mqtt_qos: int, execution_mode: str) -> Any:
    return {"pid": os.getpid(), "n": mqtt_message["n"], "root": root, "inputs": [mqtt_topic, mqtt_qos, execution_mode]}
`;
    const base_dir = projectWith({ 'roots.py': source });
    const [done, results] = [probe('completed'), probe('result')];
    await red.deploy([
      broker(server),
      project(base_dir, { python_processes: '2' }),
      queue({ store: 'redis', redis_url: `redis://127.0.0.1:${redis.port}` }, { max_retries: '3' }),
      subscribe(topic, ['enqueue'], { pipeline: 'roots' }),
      enqueue(),
      worker(['pipeline', 'completed', []], { concurrency: '4' }),
      pipeline(['result']),
      sink('result'),
      sink('completed'),
    ]);
    await untilStatus(red, 'subscribe', '0 received');
    const client = await publisher(server);
    const numbers = Array.from({ length: 1000 }, (_, n) => n);
    await Promise.all(numbers.map((n) => client.publishAsync(topic, JSON.stringify({ n }), { qos: 1 })));
    await until('a hundred have run', () => results.messages.length > 100, 180_000);
    const { result } = Object(results.messages[0]?.['payload']) as { result: { pid: number } };
    process.kill(result.pid, 'SIGKILL');
    await until('all are completed', () => done.messages.length >= 1000, 360_000);
    const alone = flowerpowerAlone(
      base_dir,
      'roots',
      numbers.map((n) => ({ mqtt_message: { n }, mqtt_topic: topic, mqtt_qos: 1, execution_mode: 'async' })),
    );
    const ours = new Map(results.messages.map(({ payload }) => withoutPid(payload)));
    assert.deepEqual(
      alone.map((given) => ours.get(withoutPid(given)[0])),
      alone.map((given) => withoutPid(given)[1]),
    );
    await client.endAsync();
    await red.deploy([]);
  });
});
