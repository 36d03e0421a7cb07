/** The history of a week is small, by the store's own count of bytes. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { Client } from 'pg';
import { MINUTE, MINUTES_KEPT, newMinute } from '../../../../src/queue/history/minute-counts.ts';
import { openEmbeddedDatabase } from '../../../../src/queue/store/embedded/shared-databases.ts';
import type { StoreOptions } from '../../../../src/queue/store/store-options.ts';
import { openStore } from '../../../../src/queue/store/store.ts';
import { closing } from '../../../helpers/closing.ts';
import { temporaryDirectory } from '../../../helpers/servers.ts';
import { describeStores } from '../../../helpers/stores.ts';
import { unique } from '../../../helpers/unique.ts';

const MOST_BYTES = 5_000_000;
const NOW = Math.floor(Date.now() / MINUTE);

/** A busy minute: 1,000 jobs, with times from 1 ms to 10 minutes. */
function busyMinute() {
  const counts = { ...newMinute(NOW), enqueued: 1000, completed: 990, failed: 10, deploys: 1 };
  for (let n = 0; n < 1000; n++) {
    const ms = 600_000 ** (n / 999);
    counts.wait.record(ms);
    counts.run.record(ms);
  }
  return counts;
}

/** Copies the minute and its hour to all of a week, and returns the bytes. */
type Fill = (queue: string) => Promise<number>;

const COPY = `
  INSERT INTO fp_queue_history (queue, step, minute, enqueued, completed, failed, backlog, wait, run, deploys)
  SELECT queue, step, minute - step * ago, enqueued, completed, failed, backlog, wait, run, deploys
  FROM fp_queue_history, generate_series(1, ${MINUTES_KEPT} / step - 1) AS ago`;

async function fillSql(query: (text: string) => Promise<{ rows: unknown[] }>): Promise<number> {
  await query(COPY);
  const { rows } = await query("SELECT pg_total_relation_size('fp_queue_history') AS bytes");
  return Number((rows[0] as { bytes: unknown }).bytes);
}

const FILL_REDIS = `
local bytes = 0
for _, step in ipairs({1, 60}) do
  local first, hashes = ARGV[1] - ARGV[1] % step, {}
  local function hash_of(minute) return KEYS[1] .. 'fp-history:' .. step .. ':' .. math.floor(minute / (1440 * step)) end
  local row = redis.call('HGET', hash_of(first), first)
  for minute = first, first - ARGV[2] + step, -step do
    redis.call('HSET', hash_of(minute), minute, row)
    hashes[hash_of(minute)] = true
  end
  for hash in pairs(hashes) do bytes = bytes + redis.call('MEMORY', 'USAGE', hash, 'SAMPLES', 0) end
end
return bytes`;

describeStores('the history of a queue', (address) => {
  const later = closing();

  async function ownStore(): Promise<{ options: StoreOptions; fill: Fill }> {
    const options = await address();
    if (options.store === 'redis') {
      const client = new Redis(options.redis_url ?? '');
      later(() => client.disconnect());
      const fill: Fill = async (queue) =>
        Number(await client.eval(FILL_REDIS, 1, `bull:${queue}:`, NOW, MINUTES_KEPT));
      return { options, fill };
    }
    if (options.store === 'embedded') {
      const directory = join(temporaryDirectory('history'), 'store');
      const fill: Fill = async () => {
        const pool = await openEmbeddedDatabase(directory);
        later(() => pool.close());
        return fillSql((text) => pool.query(text));
      };
      return { options: { ...options, directory }, fill };
    }
    const schema = unique('history').replaceAll(/\W/g, '_');
    const fill: Fill = async () => {
      const client = new Client({
        connectionString: options.postgres_url,
        options: `-c search_path=${schema}`,
      });
      await client.connect();
      later(() => client.end());
      return fillSql((text) => client.query(text));
    };
    return { options: { ...options, schema }, fill };
  }

  it('has less than 5 MB in a week of busy minutes', async () => {
    const { options, fill } = await ownStore();
    const store = openStore(options);
    later(() => store.close());
    const queue = unique('queue');
    const access = await store.access(queue);
    await access.addMinute(busyMinute());
    const bytes = await fill(queue);
    const rows = await access.readMinutes({ since: NOW - MINUTES_KEPT, until: NOW, step: 1 });
    assert.equal(rows.length, MINUTES_KEPT);
    assert.ok(bytes > 1_000_000 && bytes < MOST_BYTES, `${bytes} bytes`);
  });
});
