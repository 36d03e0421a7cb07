import type { Redis } from 'ioredis';
import { runScript, script } from '../run-script.ts';
import { stateOf } from '../inspect/states.ts';

/** The status of each job; empty where there is none. */
const STATUSES = script(`
local found = {}
for _, id in ipairs(ARGV) do
  local status = redis.pcall('HGET', 'rq:job:' .. id, 'status')
  found[#found + 1] = type(status) == 'string' and status or ''
end
return found
`);

/** Which of these jobs have ended, and which are gone. */
export async function endedRq(client: Redis, ids: string[]): Promise<{ ended: string[]; gone: string[] }> {
  const statuses = (await runScript(client, STATUSES, { keys: [], args: ids })) as string[];
  const stateAt = (index: number) => stateOf(statuses[index] ?? '');
  const ends = ['completed', 'dead', 'canceled'];
  return {
    ended: ids.filter((_id, index) => ends.includes(stateAt(index) ?? '')),
    gone: ids.filter((_id, index) => statuses[index] === ''),
  };
}
