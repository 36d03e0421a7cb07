import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  openProducer,
  openStore,
  openWorker,
  type Producer,
  type Store,
} from '../../../../../../src/index.ts';
import { openEmbeddedDatabase } from '../../../../../../src/queue/store/embedded/shared-databases.ts';
import { seeded, type Random } from '../../../../../faults/random.ts';
import { temporaryDirectory } from '../../../../../helpers/servers.ts';
import { until } from '../../../../../helpers/until.ts';
import { DiskModel } from './disk-model.ts';
import { readJournal, type DiskOperation } from './journal.ts';

/** FP_CUTS=500 tests more power cuts, FP_SEED=2 other ones. */
const CUTS = Number(process.env['FP_CUTS'] ?? 12);
const SEED = Number(process.env['FP_SEED'] ?? 1);

/** Share of unsynced changes that survive; 1 is the same as a killed process. */
const KEPT = [0, 0.5, 0.9, 1];
const QUEUE = { queue_name: 'cut', keep_completed: 100_000 };

describe('a power cut of the embedded store', function () {
  this.timeout(60_000 + CUTS * 10_000);
  const root = temporaryDirectory('power-cut');
  let operations: DiskOperation[];
  let added: Map<string, number>;

  before(async () => {
    const journal = join(temporaryDirectory('journal'), 'journal');
    writeFileSync(journal, '');
    const settings = {
      NODE_OPTIONS: `--require ${join(__dirname, 'record-disk.js')}`,
      NODE_FP_DISK_JOURNAL: journal,
    };
    Object.assign(process.env, settings);
    try {
      added = await work(root);
    } finally {
      for (const name of Object.keys(settings)) Reflect.deleteProperty(process.env, name);
    }
    operations = readJournal(journal);
  });

  it('is tested during a first start, bursts, finished jobs, checkpoints and an end', () => {
    const wrote = (part: string) => operations.some((one) => 'path' in one && one.path.includes(part));
    assert.ok(wrote('/data.new/') && wrote('/pg_wal/') && wrote('/global/pg_control'));
    const log = new Set(operations.flatMap((one) => ('path' in one && /pg_wal\/\w+$/.exec(one.path)) || []));
    assert.ok(log.size > 4, `${log.size} files of the log`);
    const text = operations.flatMap((one) => (one.do === 'answer' ? [one.text] : [])).join('\n');
    assert.deepEqual(
      [...added.keys()].filter((id) => !text.includes(id)),
      [],
    );
  });

  it(`keeps every job whose add was confirmed, at ${CUTS} moments (seed ${SEED})`, async () => {
    const random = seeded(SEED);
    const disk = new DiskModel();
    const confirmed = new Set<string>();
    let done = 0;
    for (const moment of moments(operations, random)) {
      for (const operation of operations.slice(done, moment)) {
        disk.apply(operation);
        for (const id of confirmedBy(operation, added)) confirmed.add(id);
      }
      done = moment;
      const target = temporaryDirectory('after-cut');
      const keep = random.pick(KEPT);
      disk.cut({ root, target, random, keep });
      const title = `operation ${moment} of ${operations.length}, ${keep} kept, seed ${SEED}`;
      await check(target, { title, confirmed, added });
      rmSync(target, { recursive: true, force: true });
    }
  });
});

/** Adds jobs, single and in bursts, small and large, and runs some. Returns the payloads by job ID. */
async function work(directory: string): Promise<Map<string, number>> {
  const store = openStore({ store: 'embedded', directory });
  const producer = openProducer(store, QUEUE);
  const added = new Map<string, number>();
  const add = async (seq: number, filler = '') => {
    const { id } = await producer.add({ name: 'job', msg: { topic: 'a', payload: { seq, filler } } });
    added.set(id, seq);
  };
  for (let seq = 0; seq < 50; seq++) await add(seq);
  const worker = openWorker(store, { queue: QUEUE, concurrency: 5, run: async () => 'done' });
  for (let burst = 1; burst <= 20; burst++) {
    const filler = randomBytes(20_000).toString('base64');
    await Promise.all(Array.from({ length: 40 }, (_, n) => add(burst * 100 + n, filler)));
  }
  await worker.stop();
  for (let seq = 10_000; seq < 10_050; seq++) await add(seq);
  await producer.close();
  await store.close();
  return added;
}

/** Returns the IDs of jobs that an answer has. */
function confirmedBy(operation: DiskOperation, added: Map<string, number>): string[] {
  return operation.do === 'answer'
    ? (operation.text.match(/[\w-]+/g) ?? []).filter((id) => added.has(id))
    : [];
}

/** Returns moments in order; most are critical ones, right after an answer or a change of a name. */
function moments(operations: DiskOperation[], random: Random): number[] {
  const places = operations.map((_, index) => index + 1);
  const matter = places.filter((place) => {
    const { do: done } = operations[place - 1]!;
    return done === 'answer' || done === 'rename' || done === 'remove';
  });
  const chosen = Array.from({ length: CUTS }, (_, n) => random.pick(n % 3 === 0 ? places : matter));
  return chosen.toSorted((one, other) => one - other);
}

interface Expected {
  title: string;
  confirmed: Set<string>;
  added: Map<string, number>;
}

async function check(directory: string, { title, confirmed, added }: Expected): Promise<void> {
  const warnings: string[] = [];
  const store = openStore({ store: 'embedded', directory }, { onWarning: (text) => warnings.push(text) });
  const producer = openProducer(store, QUEUE);
  try {
    const found = await jobs(directory);
    const lost = [...confirmed].filter((id) => found.get(id) !== added.get(id));
    assert.deepEqual(warnings, [], title);
    assert.equal(
      lost.length,
      0,
      `lost ${lost.length} of ${confirmed.size} (found ${found.size}) at ${title}`,
    );
    assert.ok(!readdirSync(directory).some((name) => name.includes('corrupt')), title);
    await goesOn(store, producer);
  } finally {
    await producer.close();
    await store.close();
  }
  assert.ok(existsSync(join(directory, 'data')));
}

/** Returns the number that each job has in its payload. The large payloads are read, but stay in the database. */
async function jobs(directory: string): Promise<Map<string, number>> {
  const pool = await openEmbeddedDatabase(directory);
  const { rows } = await pool.query<{ id: string; seq: string }>(
    `SELECT id, data::jsonb -> 'mqtt_message' ->> 'seq' AS seq FROM job WHERE queue = $1`,
    [QUEUE.queue_name],
  );
  await pool.close();
  const byId = new Map(rows.map(({ id, seq }) => [id, Number(seq)]));
  assert.equal(byId.size, rows.length, 'a job is there twice');
  return byId;
}

/** Checks that a new job is stored, and that the next job runs. */
async function goesOn(store: Store, producer: Producer): Promise<void> {
  await producer.add({ name: 'new', msg: { topic: 'a', payload: {} } });
  let ran = 0;
  const worker = openWorker(store, { queue: QUEUE, run: async () => void ran++ });
  await until('a job ran', () => ran > 0);
  await worker.stop();
}
