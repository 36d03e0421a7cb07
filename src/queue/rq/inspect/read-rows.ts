import type { Redis } from 'ioredis';
import { ROWS_OF_SET } from '../../store/redis/read-page-script.ts';
import type { Position } from '../../store/queue-access.ts';
import { runScriptForBytes, script } from '../run-script.ts';

/** A job as it stands in Redis; fields that are missing or too long are empty. */
export interface FoundJob {
  position: Position;
  id: string;
  /** In a sorted set. */
  score: number | undefined;
  fields: Fields;
  /** Base64 of the newest traceback, if it is short. */
  exception: string;
}

const fieldNames = [
  'status',
  'created_at',
  'started_at',
  'ended_at',
  'description',
  'worker_name',
  'retries_left',
  'fp_attempts',
  'origin',
  'data',
] as const;

type Fields = Record<(typeof fieldNames)[number], Buffer>;

/** Most bytes of a field in a list. */
const LONGEST = 8192;

/** The short ones of the fields that ARGV lists from a place on; empty where the job is no hash. */
const READ_FIELDS = `
local function fields_of(id, longest, first)
  local fields = {}
  for i = first, #ARGV do
    local length = redis.pcall('HSTRLEN', 'rq:job:' .. id, ARGV[i])
    local is_short = type(length) == 'number' and length > 0 and length <= longest
    fields[#fields + 1] = is_short and redis.call('HGET', 'rq:job:' .. id, ARGV[i]) or ''
  end
  return fields
end
`;

const READ_JOB = script(`${READ_FIELDS}
return fields_of(ARGV[1], tonumber(ARGV[2]), 3)
`);

/**
 * Reads a part of a list or sorted set, and what a row shows of each job. A member that is no job of RQ has no fields.
 *
 * KEYS: the list or set. ARGV: type, `list` or `set`; 1 for newest first; most rows; place and id of the job before the first
 * one to read, or empty; most bytes of a field; the fields.
 *
 * The place of a job in a set is its score. In a list, whose head is the oldest, it is its distance from the end where reading
 * began: the job may have moved meanwhile, so it is looked for there and up to 10,000 places further. If it is gone, reading
 * starts anew.
 */
const READ_ROWS = script(`
local key, isNewest, limit = KEYS[1], ARGV[2] == '1', tonumber(ARGV[3])
local place, after, longest = ARGV[4], ARGV[5], tonumber(ARGV[6])

${ROWS_OF_SET}

local function from_list()
  local start = 0
  if after ~= '' then
    local index = redis.call('LPOS', key, after, 'RANK', isNewest and -1 or 1, 'MAXLEN', place + 10000)
    if index then start = isNewest and redis.call('LLEN', key) - index or index + 1 end
  end
  local ids = isNewest and redis.call('LRANGE', key, -(start + limit), -(start + 1))
    or redis.call('LRANGE', key, start, start + limit - 1)
  local found = {}
  for i = 1, #ids do
    found[i] = {isNewest and ids[#ids + 1 - i] or ids[i], tostring(start + i - 1)}
  end
  return found
end

${READ_FIELDS}
local rows = {}
for _, found in ipairs(ARGV[1] == 'set' and fromSet() or from_list()) do
  local id = string.match(found[1], '^[^:]*')
  local fields, exception = fields_of(id, longest, 7), ''
  if fields[1] == 'failed' or fields[1] == 'stopped' then
    local entries = redis.pcall('XREVRANGE', 'rq:results:' .. id, '+', '-', 'COUNT', 1)
    local entry = not entries.err and entries[1] and entries[1][2] or {}
    for i = 1, #entry, 2 do
      if entry[i] == 'exc_string' and #entry[i + 1] <= longest then exception = entry[i + 1] end
    end
  end
  rows[#rows + 1] = {found[1], found[2], fields, exception}
end
return rows
`);

export interface RowsRequest {
  type: 'list' | 'set';
  key: string;
  order: 'newest' | 'oldest';
  limit: number;
  after: Position | undefined;
}

/** Reads a part of a list; it changes nothing, unlike RQ's own tools, which clean up as they look. */
export async function readRows(
  client: Redis,
  { type, key, order, limit, after }: RowsRequest,
): Promise<FoundJob[]> {
  const [place = '', id = ''] = after ?? [];
  const args = [type, order === 'newest' ? 1 : 0, limit, place, id, LONGEST, ...fieldNames];
  const found = (await runScriptForBytes(client, READ_ROWS, { keys: [key], args })) as RawRow[];
  return found.map((row) => toFound(type, row));
}

/** Reads the fields of one job; all are empty if it is not there. */
export async function readJobFields(client: Redis, id: string): Promise<Fields> {
  const found = await runScriptForBytes(client, READ_JOB, { keys: [], args: [id, LONGEST, ...fieldNames] });
  return namedFields(found as Buffer[]);
}

function namedFields(values: Buffer[]): Fields {
  const named = fieldNames.map((name, index) => [name, values[index] ?? Buffer.alloc(0)] as const);
  return Object.fromEntries(named) as Fields;
}

type RawRow = [member: Buffer, place: Buffer, fields: Buffer[], exception: Buffer];

function toFound(type: RowsRequest['type'], [member, place, fields, exception]: RawRow): FoundJob {
  return {
    position: [place.toString(), member.toString()],
    id: member.toString().split(':', 1)[0] ?? '',
    score: type === 'set' ? Number(place.toString()) : undefined,
    fields: namedFields(fields),
    exception: exception.toString(),
  };
}
