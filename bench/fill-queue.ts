/** Fills a queue with many jobs at once, inside the store: adding them one by one would take minutes. */
import { Redis } from 'ioredis';
import { Client } from 'pg';
import type { StoreOptions } from '../src/index.ts';
import { MINUTES_KEPT } from '../src/queue/history/minute-counts.ts';
import { openEmbeddedDatabase } from '../src/queue/store/embedded/shared-databases.ts';

export interface Filling {
  queue: string;
  waiting: number;
  dead: number;
}

/** Adds waiting jobs, dead letters with 20 kinds of errors, and a history of 7 days. The store must have been opened. */
export async function fillQueue(address: StoreOptions, filling: Filling): Promise<void> {
  if (address.store === 'redis') return fillRedis(address.redis_url ?? '', filling);
  if (address.store === 'embedded') {
    const pool = await openEmbeddedDatabase(address.directory);
    await fillSql((text) => pool.query(text), filling);
    return pool.close();
  }
  const client = new Client({ connectionString: address.postgres_url, options: '-c search_path=bullmq' });
  await client.connect();
  await fillSql((text) => client.query(text), filling);
  await client.query('ANALYZE');
  await client.end();
}

const SLICE = 20_000;

const DATA = '{"mqtt_topic":"a/b","mqtt_message":{"n":1},"mqtt_qos":1,"execution_mode":"async","msg":{}}';
const OPTIONS = '{"attempts":4,"backoff":{"type":"exponential","delay":1000}}';

async function fillRedis(url: string, { queue, waiting, dead }: Filling): Promise<void> {
  const client = new Redis(url);
  const prefix = `bull:${queue}:`;
  for (const [kind, count] of Object.entries({ waiting, dead })) {
    for (let first = 0; first < count; first += SLICE) {
      const last = Math.min(first + SLICE, count) - 1;
      await client.eval(FILL, 1, prefix, kind, first, last, Date.now() - count, DATA, OPTIONS);
    }
  }
  await client.eval(FILL_HISTORY, 1, prefix, Math.floor(Date.now() / 60_000), MINUTES_KEPT);
  client.disconnect();
}

const FILL = `
for n = ARGV[2], ARGV[3] do
  local id = ARGV[1] .. string.format('-%09d', n)
  local at = string.format('%.0f', ARGV[4] + n)
  local fields = {'name', 'job', 'data', ARGV[5], 'opts', ARGV[6], 'timestamp', at, 'delay', 0, 'priority', 0}
  if ARGV[1] == 'dead' then
    local error = 'shop ' .. n .. ' does not answer, kind ' .. string.char(97 + n % 20)
    for _, more in ipairs({'failedReason', error, 'atm', 4, 'processedOn', at, 'finishedOn', at}) do
      fields[#fields + 1] = more
    end
    redis.call('ZADD', KEYS[1] .. 'failed', at, id)
  else
    redis.call('LPUSH', KEYS[1] .. 'wait', id)
  end
  redis.call('HSET', KEYS[1] .. id, unpack(fields))
end`;

const FILL_HISTORY = `
for _, step in ipairs({1, 60}) do
  for minute = ARGV[1] - ARGV[1] % step - ARGV[2], ARGV[1], step do
    local counts = {e = 60 * step, c = 60 * step, f = step, b = 100, w = {}, r = {}}
    for bucket = 1, 16 do counts.w[bucket], counts.r[bucket] = 5 * step, 5 * step end
    local hash = KEYS[1] .. 'fp-history:' .. step .. ':' .. math.floor(minute / (1440 * step))
    redis.call('HSET', hash, minute, cjson.encode(counts))
  end
end`;

async function fillSql(
  query: (text: string) => Promise<unknown>,
  { queue, waiting, dead }: Filling,
): Promise<void> {
  const at = `${Date.now() - Math.max(waiting, dead)} + n`;
  const columns = 'queue, id, seq, name, state, data, opts, max_attempts, added_at_ms';
  const values = (id: string, state: string) =>
    `'${queue}', '${id}-' || lpad(n::text, 9, '0'), nextval('job_seq'), 'job', '${state}', '${DATA}', '${OPTIONS}', 4, ${at}`;
  const slices = (count: number) =>
    Array.from({ length: Math.ceil(count / SLICE) }, (_, index) => index * SLICE);
  const series = (first: number, count: number) =>
    `generate_series(${first}, ${Math.min(first + SLICE, count) - 1}) AS n`;
  for (const first of slices(waiting)) {
    const from = series(first, waiting);
    await query(`INSERT INTO job (${columns}) SELECT ${values('waiting', 'waiting')} FROM ${from}`);
  }
  for (const first of slices(dead)) {
    const more = `4, ${at}, ${at}, 'shop ' || n || ' does not answer, kind ' || chr(97 + n % 20)`;
    await query(
      `INSERT INTO job (${columns}, attempts_made, processed_at_ms, finished_at_ms, failed_reason)
       SELECT ${values('dead', 'failed')}, ${more} FROM ${series(first, dead)}`,
    );
  }
  const now = Math.floor(Date.now() / 60_000);
  await query(
    `INSERT INTO fp_queue_history (queue, step, minute, enqueued, completed, failed, backlog, wait, run, deploys)
     SELECT '${queue}', step, minute, 60 * step, 60 * step, step, 100, buckets, buckets, 0
     FROM (VALUES (1), (60)) AS kept (step),
       generate_series(${now} - ${now} % step - ${MINUTES_KEPT}, ${now}, step) AS minute,
       array_fill(5 * step, ARRAY[16]) AS buckets`,
  );
}
