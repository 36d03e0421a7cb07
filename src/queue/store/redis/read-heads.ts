import type { Cluster, Redis } from 'ioredis';
import type { JobHead } from '../queue-access.ts';

/**
 * Reads what is known of jobs without their message. KEYS[1] is the prefix of the queue's keys. ARGV: 1 for the results, too;
 * the jobs' IDs.
 */
const READ_HEADS = `
local rows = {}
for i = 2, #ARGV do
  local id = ARGV[i]
  local fields = redis.call('HMGET', KEYS[1] .. id, 'name', 'finishedOn', 'atm', 'opts', 'pb', 'failedReason', 'stacktrace')
  if fields[1] then
    fields[6] = fields[6] and string.sub(fields[6], 1, 2000)
    if ARGV[1] == '1' then fields[8] = redis.call('HGET', KEYS[1] .. id, 'returnvalue') end
    rows[#rows + 1] = {id, fields}
  end
end
return rows
`;

type FoundHead = [id: string, fields: (string | null)[]];

export async function readHeads(
  client: Redis | Cluster,
  prefix: string,
  { ids, withResults }: { ids: string[]; withResults: boolean },
): Promise<Map<string, JobHead>> {
  const found = (await client.eval(READ_HEADS, 1, prefix, withResults ? 1 : 0, ...ids)) as FoundHead[];
  return new Map(found.map((head) => [head[0], toHead(head)]));
}

function toHead([id, fields]: FoundHead): JobHead {
  const [name, finished, attemptsMade, opts, worker, error, stacks, result] = fields;
  const { attempts = 1 } = JSON.parse(opts ?? '{}') as { attempts?: number };
  return {
    id,
    name: name ?? '',
    finishedAt: finished ? Number(finished) : undefined,
    attemptsMade: Number(attemptsMade ?? 0),
    attempts,
    error: error ?? undefined,
    worker: worker ?? undefined,
    stack: (JSON.parse(stacks ?? '[]') as string[]).at(-1),
    ...(result && { result: JSON.parse(result) as unknown }),
  };
}
