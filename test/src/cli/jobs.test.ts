import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { resolveQueueOptions } from '../../../src/queue/options.ts';
import { openSchedules } from '../../../src/queue/schedule/schedules.ts';
import { openEmbeddedDatabase } from '../../../src/queue/store/embedded/shared-databases.ts';
import type { StoreOptions } from '../../../src/queue/store/store-options.ts';
import { closing } from '../../helpers/closing.ts';
import { command } from '../../helpers/command.ts';
import { preparedDirectory } from '../../helpers/embedded.ts';
import { closeBenches, fail, job, openBench, succeed, type Bench } from '../../helpers/queue-bench.ts';
import { temporaryDirectory } from '../../helpers/servers.ts';
import { describeStores } from '../../helpers/stores.ts';
import { until } from '../../helpers/until.ts';

describeStores('fp-mqtt jobs', (address) => {
  let options: StoreOptions;
  let bench: Bench;
  let file: string;

  before(async () => (options = await address()));
  beforeEach(() => {
    bench = openBench(options, { queue: { max_retries: 0 } });
    file = join(temporaryDirectory('config'), 'mqtt_config.yml');
    const { queue_name } = bench.queue;
    writeFileSync(file, stringify({ job_queue: { enabled: true, ...options, queue_name } }));
  });
  afterEach(closeBenches);

  const jobs = async (...given: string[]) => {
    const { code, output, warnings } = await command('jobs', ...given, '--config', file, '--json');
    return code === 0 ? JSON.parse(output) : { code, warnings };
  };

  it('counts, lists, shows and retries dead letters, and removes jobs', async () => {
    const { id } = await bench.producer.add(job({ n: 1 }));
    const worker = bench.work(fail);
    await until('it is a dead letter', () => worker.dead.length === 1);
    await worker.stop();
    assert.deepEqual((await jobs('status')).counts, {
      waiting: 0,
      running: 0,
      delayed: 0,
      completed: 0,
      dead: 1,
    });
    const { rows } = await jobs('list');
    assert.deepEqual([rows.length, rows[0].id, rows[0].topic], [1, id, 'a/b']);
    const shown = await jobs('show', id);
    assert.deepEqual([shown.state, shown.msg.payload], ['dead', { n: 1 }]);
    assert.deepEqual(await jobs('retry', id), { retried: 1 });
    assert.match((await jobs('retry', id)).warnings, /is waiting: only a dead letter can be retried/);
    assert.deepEqual(await jobs('remove', id), { removed: 1 });
    const gone = await jobs('show', id);
    assert.equal(gone.code, 1);
    assert.match(gone.warnings, /^fp-mqtt: the queue .* has no job /);
  });

  it('retries all dead letters, and cleans a state', async () => {
    await Promise.all([1, 2, 3].map((n) => bench.producer.add(job(n))));
    const worker = bench.work(fail);
    await until('all are dead letters', () => worker.dead.length === 3);
    await worker.stop();
    assert.deepEqual(await jobs('retry', '--all'), { retried: 3 });
    assert.deepEqual(await jobs('clean', '--state', 'waiting'), { removed: 3 });
    assert.match((await jobs('clean', '--state', 'running')).warnings, /state must be one of/);
  });

  it('groups dead letters by their errors, lists and retries a group, and finds text', async () => {
    const errors = ['shop 1 is away', 'shop 2 is away', 'disk is full'];
    for (const error of errors) await bench.producer.add(job(error));
    const worker = bench.work(({ msg }) => Promise.reject(new Error(String(msg['payload']))));
    await until('all are dead letters', () => worker.dead.length === 3);
    await worker.stop();
    const { groups } = await jobs('groups');
    const [{ key, count }] = groups;
    assert.deepEqual([groups.length, key, count], [2, 'shop # is away', 2]);
    assert.equal((await jobs('list', '--group', key)).rows.length, 2);
    const found = await jobs('list', '--search', 'DISK');
    assert.deepEqual([found.rows.length, found.lookedAt], [1, 3]);
    assert.match((await jobs('list', '--state', 'waiting', '--group', key)).warnings, /only dead letters/);
    assert.deepEqual(await jobs('retry', '--group', key, '--per-second', '100'), { retried: 2 });
    assert.match((await jobs('retry', '--all', '--per-second', 'x')).warnings, /perSecond must be/);
    assert.equal((await jobs('groups')).read, 1);
  });

  it('shows what happened in each minute', async () => {
    assert.deepEqual(await jobs('history'), []);
    await bench.producer.add(job(1));
    await bench.store.minuteLog(bench.queue.queue_name).flush();
    const [row] = await jobs('history', '--hours', '24', '--minutes', '60');
    assert.deepEqual([row.enqueued, row.backlog], [1, 1]);
    assert.match((await jobs('history', '--hours', 'x')).warnings, /--hours must be a number above 0/);
  });

  it('pauses a queue for its workers, and lets it go on', async () => {
    await jobs('pause');
    await bench.producer.add(job(1));
    const worker = bench.work(succeed);
    const { counts, isPaused } = await jobs('status');
    assert.deepEqual([counts.waiting, isPaused], [1, true]);
    await jobs('resume');
    await until('it is completed', () => worker.completed.length === 1);
  });

  it('lists and removes schedules', async () => {
    const schedules = openSchedules(bench.store, resolveQueueOptions(bench.queue));
    const nightly = {
      key: 'k1',
      times: { pattern: '0 2 * * *', tz: 'UTC' },
      job: { name: 'report', msg: {} },
    };
    await schedules.put(nightly, new AbortController().signal);
    const print = async (...given: string[]) => (await command('jobs', ...given, '--config', file)).output;
    assert.match(
      await print('schedules'),
      /^KEY .*\nk1 +report +0 2 \* \* \* UTC +\d{4}-.*T02:00:00.000Z\n$/,
    );
    assert.equal((await jobs('schedules'))[0].pattern, '0 2 * * *');
    assert.deepEqual(await jobs('schedules', '--remove', 'k1'), { removed: 'k1' });
    assert.deepEqual(await jobs('schedules'), []);
    assert.match((await jobs('schedules', '--remove', 'k1')).warnings, /has no schedule k1/);
  });

  it('says it to people, too', async () => {
    const print = async (...given: string[]) => (await command('jobs', ...given, '--config', file)).output;
    // Later it may be told at any time: a minute may end.
    assert.equal(await print('history'), 'nothing happened\n');
    const { id } = await bench.producer.add(job({ text: '\u001B[31mred' }));
    assert.match(await print('status'), /^queue .*\n {2}waiting +1\n[\s\S]*the oldest waits for \d+ s\n$/);
    assert.match(await print('list', '--state', 'waiting'), new RegExp(`^ID .*\n${id} +pipeline +a/b +0/1 `));
    const shown = await print('show', id);
    assert.match(shown, /^message:\n {2}\{/m);
    assert.ok(!shown.includes('\u001B'), 'nothing that steers a terminal');
    assert.match(await print('worker', 'status'), /^no workers\n$/);
    assert.equal(await print('list'), 'no jobs\n');
    assert.equal(await print('list', '--search', 'x'), 'no jobs\namong 0 jobs\n');
    assert.equal(await print('groups'), 'no dead letters\n');
    await bench.store.minuteLog(bench.queue.queue_name).flush();
    assert.match(await print('history'), /^BEGIN +ENQUEUED .*\n[-\d]+T\d\d:\d\d +1 +0 +0 +1 *\n$/);
    const worker = bench.work(fail);
    await until('it is a dead letter', () => worker.dead.length === 1);
    await worker.stop();
    assert.match(await print('groups'), /^JOBS +NEWEST +ERROR *\n1 +\S+Z +no luck *\n$/);
  });
});

describe('fp-mqtt jobs export and import', () => {
  const later = closing();
  afterEach(closeBenches);

  const fileOf = (job_queue: object) => {
    const file = join(temporaryDirectory('config'), 'mqtt_config.yml');
    writeFileSync(file, stringify({ job_queue }));
    return file;
  };

  it('move the jobs to another store', async () => {
    const [from, to] = [await preparedDirectory(), await preparedDirectory()];
    // Keeps both open: each call would start and end the database.
    for (const directory of [from, to]) {
      const user = await openEmbeddedDatabase(directory);
      later(() => user.close());
    }
    const bench = openBench({ store: 'embedded', directory: from });
    await Promise.all([1, 2].map((n) => bench.producer.add(job(n))));
    await bench.close();
    const jobs = join(temporaryDirectory('jobs'), 'jobs.jsonl');
    const run = (verb: string, directory: string) =>
      command('jobs', verb, jobs, '--config', fileOf({ store: 'embedded', directory }));
    assert.equal((await run('export', from)).code, 0);
    assert.equal((await run('import', to)).output, '2 jobs added\n');
    assert.equal((await run('import', to)).output, '0 jobs added\n');
    assert.match((await run('export', from)).warnings, /EEXIST.*jobs\.jsonl/);
  });

  it('say what they lack', async () => {
    const python = fileOf({ enabled: true, type: 'rq', workers: 'python' });
    assert.match((await command('jobs', 'export', 'x', '--config', python)).warnings, /jobs of RQ cannot be/);
    assert.match((await command('jobs', 'import')).warnings, /one file is needed/);
  });
});

describe('fp-mqtt jobs of an embedded store that another process has', () => {
  afterEach(closeBenches);

  it('says which one', async () => {
    const directory = await preparedDirectory();
    const bench = openBench({ store: 'embedded', directory });
    await bench.producer.add(job(1));
    const file = join(temporaryDirectory('config'), 'mqtt_config.yml');
    writeFileSync(file, stringify({ job_queue: { store: 'embedded', directory } }));
    const program = join(__dirname, '../../../src/cli/fp-mqtt.js');
    const given = [program, 'jobs', 'status', '--config', file];
    const { status, stderr } = spawnSync(process.execPath, given, { encoding: 'utf8' });
    assert.equal(status, 1);
    assert.match(stderr, new RegExp(`^fp-mqtt: .*process.*${process.pid}`));
  });
});

describe('fp-mqtt jobs of a store that is away', () => {
  it('says why', async () => {
    const file = join(temporaryDirectory('config'), 'mqtt_config.yml');
    writeFileSync(file, 'job_queue: {redis_url: "redis://127.0.0.1:1"}\n');
    const { code, warnings } = await command('jobs', 'status', '--config', file);
    assert.equal(code, 1);
    assert.match(warnings, /^fp-mqtt: .*ECONNREFUSED.*\n$/);
  });

  it('names an environment variable that is not set', async () => {
    const file = join(temporaryDirectory('config'), 'mqtt_config.yml');
    writeFileSync(file, 'job_queue: {redis_url: "${FP_TEST_UNSET}"}\n');
    const { warnings } = await command('jobs', 'status', '--config', file);
    assert.equal(warnings, 'fp-mqtt: the environment variable FP_TEST_UNSET is not set\n');
  });
});
