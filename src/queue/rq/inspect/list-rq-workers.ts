import type { Redis } from 'ioredis';
import type { WorkerInfo } from '../../inspect/list-workers.ts';
import { queueKeys } from '../keys.ts';
import { runScript, script } from '../run-script.ts';

const MOST_WORKERS = 1000;
const LONGEST = 500;
/** Seconds after which RQ itself forgets a worker that it has not heard of (worker/base.py). */
const SILENCE = { busy: 90, idle: 480 };

const fieldNames = ['hostname', 'pid', 'state', 'birth', 'last_heartbeat', 'death', 'current_job'] as const;

type Field = (typeof fieldNames)[number];

/**
 * Reads the workers of a queue and the jobs that they run, at most 10 each, with their descriptions. A worker that has
 * been killed has a name only, once RQ has forgotten the rest. Before RQ 2.11 a worker names its job itself.
 */
const READ_WORKERS = script(`
local function short(text) return type(text) == 'string' and #text <= tonumber(ARGV[2]) and text or '' end
local workers = {}
for _, key in ipairs(redis.call('SRANDMEMBER', KEYS[1], ARGV[1])) do
  local fields, jobs = {}, {}
  for i = 3, #ARGV do fields[#fields + 1] = short(redis.pcall('HGET', key, ARGV[i])) end
  local running = redis.pcall('SRANDMEMBER', key .. ':executions', 10)
  if running.err then running = {} end
  if fields[#fields] ~= '' then running[#running + 1] = fields[#fields] end
  for _, execution in ipairs(running) do
    local id = string.match(execution, '^[^:]*')
    jobs[#jobs + 1] = {short(id), short(redis.pcall('HGET', 'rq:job:' .. id, 'description'))}
  end
  workers[#workers + 1] = {short(key), fields, jobs}
end
return workers
`);

type Found = [key: string, fields: string[], jobs: [id: string, description: string][]];

/** Lists the workers of a queue, at most 1,000, by name. */
export async function listRqWorkers(client: Redis, queue: string): Promise<WorkerInfo[]> {
  const args = [MOST_WORKERS, LONGEST, ...fieldNames];
  const found = await runScript(client, READ_WORKERS, { keys: [queueKeys(queue).workers], args });
  return (found as Found[])
    .map((worker) => workerInfo(worker, queue))
    .filter((worker) => worker !== undefined)
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

function workerInfo([key, texts, jobs]: Found, queue: string): WorkerInfo | undefined {
  const fields = Object.fromEntries(fieldNames.map((name, index) => [name, texts[index] ?? '']));
  const { hostname, pid, state, birth, last_heartbeat, death } = fields as Record<Field, string>;
  // It has said good-bye, and is about to be forgotten.
  if (death !== '') return undefined;
  const heartbeat = dateOf(last_heartbeat);
  const since = dateOf(birth);
  return {
    name: key.replace(/^rq:worker:/, ''),
    ...(hostname !== '' && { machine: hostname }),
    ...(/^\d+$/.test(pid) && { process: Number(pid) }),
    ...(since && { since }),
    concurrency: 1,
    state: isLost(state, heartbeat) ? 'lost' : state,
    heartbeat,
    running: jobs.map(([id, name]) => ({ id, name, queue })),
  };
}

function isLost(state: string, heartbeat: Date | undefined): boolean {
  const silence = (Date.now() - (heartbeat?.getTime() ?? 0)) / 1000;
  return silence > (state === 'busy' ? SILENCE.busy : SILENCE.idle);
}

function dateOf(text: string): Date | undefined {
  const time = Date.parse(text);
  return Number.isNaN(time) ? undefined : new Date(time);
}
