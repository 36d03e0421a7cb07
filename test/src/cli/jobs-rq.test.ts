import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { closing } from '../../helpers/closing.ts';
import { command } from '../../helpers/command.ts';
import { job } from '../../helpers/queue-bench.ts';
import { flowerpowerPython } from '../../helpers/python.ts';
import { sharedRedis } from '../../helpers/redis.ts';
import { describeWith } from '../../helpers/requires.ts';
import { openRqBench, runBurst, runProgram, startRqWorker } from '../../helpers/rq.ts';
import { temporaryDirectory } from '../../helpers/servers.ts';
import { until } from '../../helpers/until.ts';

const python = flowerpowerPython ?? '';

describeWith(['redis', 'flowerpower'], 'fp-mqtt jobs of a queue of Python workers', function () {
  const later = closing();
  const open = (options: Parameters<typeof openRqBench>[1] = {}) => {
    const bench = openRqBench(sharedRedis().port, options);
    later(() => bench.close());
    const file = join(temporaryDirectory('config'), 'mqtt_config.yml');
    const redis_url = `redis://127.0.0.1:${sharedRedis().port}`;
    const job_queue = { enabled: true, type: 'rq', workers: 'python', redis_url, queue_name: bench.queue };
    writeFileSync(file, stringify({ job_queue }));
    const run = (...given: string[]) => command(...given, '--config', file);
    const jobs = async (...given: string[]) => {
      const { code, output, warnings } = await run('jobs', ...given, '--json');
      return code === 0 ? JSON.parse(output) : { code, warnings };
    };
    return { bench, file, run, jobs, redis_url };
  };

  it('counts, lists, shows, retries, cancels and removes jobs', async () => {
    const { bench, jobs } = open({ function: 'rq_tasks.fail' });
    const { id } = await bench.producer.add(job({ n: 1 }));
    await runBurst(python, { port: sharedRedis().port, queue: bench.queue });
    const zero = { waiting: 0, running: 0, delayed: 0, completed: 0, deferred: 0, canceled: 0 };
    assert.deepEqual((await jobs('status')).counts, { ...zero, dead: 1 });
    const { rows } = await jobs('list');
    assert.deepEqual([rows[0].id, rows[0].topic, rows[0].error], [id, 'a/b', 'ValueError: no luck']);
    assert.deepEqual((await jobs('show', id)).msg.payload, { n: 1 });
    assert.deepEqual(await jobs('retry', id), { retried: 1 });
    assert.deepEqual(await jobs('cancel', id), { canceled: 1 });
    assert.deepEqual((await jobs('list', '--state', 'canceled')).rows[0].state, 'canceled');
    assert.deepEqual(await jobs('remove', id), { removed: 1 });
    assert.match((await jobs('show', id)).warnings, /has no job/);
    assert.match(
      (await jobs('list', '--state', 'strange')).warnings,
      /state must be one of .*deferred, canceled/,
    );
    assert.match((await jobs('pause')).warnings, /rq suspend/);
  });

  it('shows the workers that rqinfo shows, and the same numbers', async () => {
    const { bench, jobs, run, redis_url } = open();
    const worker = startRqWorker(python, { port: sharedRedis().port, queue: bench.queue });
    later(() => worker.stop());
    const shown = await until('it is idle', async () => {
      const [found] = await jobs('worker', 'status');
      return found?.state === 'idle' ? found : undefined;
    });
    const info = await runProgram(python, 'rqinfo', ['--url', redis_url, '--raw', bench.queue]);
    assert.match(info, new RegExp(`queue ${bench.queue} 0`));
    assert.match(info, new RegExp(`worker ${shown.name} .*${shown.machine} .*${shown.process}.* idle`));
    const { output } = await run('jobs', 'worker', 'status');
    assert.match(output, /^MACHINE +PROCESS +SINCE +STATE +HEARD OF +RUNNING\n.* idle /);
  });

  it('says that Python runs them to whoever wants to start workers', async () => {
    const { run, file, bench } = open();
    const words = new RegExp(`Python runs these jobs: rq worker ${bench.queue}`);
    assert.match((await run('jobs', 'worker', 'start')).warnings, words);
    const { code, warnings } = await command('worker', file);
    assert.equal(code, 1);
    assert.match(warnings, words);
  });
});
