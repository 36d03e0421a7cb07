import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { openDecoder } from '../../../../src/payload/decode.ts';
import { closing } from '../../../helpers/closing.ts';
import { openTestProject, projectWith, pythonSource, runPipeline } from '../../../helpers/project.ts';
import { listenerPython } from '../../../helpers/python.ts';
import { startRedis } from '../../../helpers/redis.ts';
import { describeWith } from '../../../helpers/requires.ts';
import {
  openRqBench,
  pythonWithRq,
  resultOf,
  runBurst,
  tasksFolder,
  type RqBench,
} from '../../../helpers/rq.ts';
import type { Server } from '../../../helpers/servers.ts';

const python = listenerPython ?? '';
const DEFAULT = 'flowerpower_mqtt.job_handler.execute_pipeline_job';
const script = join(tasksFolder, 'listener_jobs.py');

const payloads = [
  '{"temperature": 21.5, "ok": true, "tags": ["a", null], "deep": {"ü": "😀"}}',
  '[1, 2.25, -3e-7, 1e300]',
  '42',
  'false',
  'null',
  '{"big": 12345678901234567890, "small": -9007199254740993}',
  '{"empty": {}, "list": [], "text": ""}',
  '{"__proto__": 1, "constructor": 2}',
  '',
  'on',
  '21.5 °C',
  'not {json',
  '\uFEFF{"a": 1}',
  '---\ncelsius: 21.5\n',
  Buffer.from([0x81, 0xa1, 0x61, 0xcb, 0x40, 0x35, 0x80, 0, 0, 0, 0, 0]),
  Buffer.from([0xff, 0xfe, 0, 1]),
].map((payload) => Buffer.from(payload as string));

describeWith(
  ['redis', 'flowerpower-mqtt'],
  'the listener of flowerpower-mqtt and a producer for RQ',
  function () {
    const later = closing();
    let redis: Server;
    let bench: RqBench;
    let base_dir: string;
    const decoder = openDecoder({ wrapPayload: true });

    before(async () => {
      redis = await startRedis();
      base_dir = projectWith({ 'sensor.py': pythonSource('return mqtt_message') });
      const options = { function: DEFAULT, base_dir, timeout: 180 };
      bench = openRqBench(redis.port, options);
      const messages = payloads.map((payload, qos) => ({
        payload,
        qos: qos % 3,
        topic: `s/ü/${qos}`,
        pipeline: 'sensor',
      }));
      execFileSync(python, [script, base_dir], {
        input: JSON.stringify(messages.map((one) => ({ ...one, payload: one.payload.toString('base64') }))),
        env: { ...process.env, FP_RQ_BACKEND_HOST: '127.0.0.1', FP_RQ_BACKEND_PORT: `${redis.port}` },
        stdio: ['pipe', 'pipe', 'pipe'],
      });
      for (const { payload, qos, topic } of messages) {
        const decoded = await decoder.decode(payload);
        await bench.producer.add({ name: 'sensor', msg: { ...decoded, topic, qos } });
      }
    });
    after(async () => {
      decoder.close();
      await bench.close();
      await redis.stop();
    });

    it('make the same calls of the same function, with the same time limit', async () => {
      const [theirs, ours] = await pythonWithRq<string[][]>(
        python,
        { port: redis.port, queue: bench.queue },
        [
          'def call(job):',
          '    return repr([job.func_name, job.args, job.kwargs, job.timeout, job.result_ttl, job.failure_ttl])',
          'queues = [Queue("default", connection=connection), queue]',
          'print(json.dumps([[call(job) for job in one.get_jobs()] for one in queues]))',
        ],
      );
      assert.equal(theirs?.length, payloads.length);
      for (const [index, call] of (theirs ?? []).entries())
        assert.equal(ours?.[index], call, String(payloads[index]));
    });

    it('and Node-RED give a typed pipeline the same message, also where it is not JSON', async () => {
      const theirs = await pythonWithRq<string[]>(python, { port: redis.port, queue: 'default' }, [
        'print(json.dumps([repr(job.args[1]) for job in queue.get_jobs()]))',
      ]);
      const typed = projectWith({
        'raw.py': 'def result(mqtt_message: dict) -> str:\n    return repr(mqtt_message)\n',
      });
      const project = openTestProject(typed, { python });
      later(() => project.close());
      for (const [index, payload] of payloads.entries()) {
        const words = theirs[index] ?? '';
        if (!words.startsWith('{')) continue;
        const { payload: message } = await decoder.decode(payload);
        assert.deepEqual(await runPipeline(project, 'raw', message), { result: words }, String(payload));
      }
    });

    it('give the pipelines of the workers the same message, which return the same', async () => {
      const own = openRqBench(redis.port, { function: DEFAULT, base_dir });
      later(() => own.close());
      const added = await own.producer.add({
        name: 'sensor',
        msg: { payload: { n: 1 }, topic: 'a', qos: 2 },
      });
      await runBurst(python, { port: redis.port, queue: own.queue });
      const result = await resultOf(own, added.id);
      const {
        execution_time: _time,
        start_time: _start,
        ...value
      } = ('value' in result ? result.value : {}) as Record<string, unknown>;
      const expected = {
        status: 'success',
        pipeline_name: 'sensor',
        topic: 'a',
        qos: 2,
        result: { result: { n: 1 } },
      };
      assert.deepEqual(value, expected, JSON.stringify(result));
    });
  },
);
