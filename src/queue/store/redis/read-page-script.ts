/**
 * Reads `limit` pairs of ID and score of the sorted set `key`, after the ID `after` with the score `place`, newest first if
 * `isNewest`.
 */
export const ROWS_OF_SET = `local function fromSet()
  local found, offset = {}, 0
  local range = isNewest and {'ZREVRANGEBYSCORE', '+inf', '-inf'} or {'ZRANGEBYSCORE', '-inf', '+inf'}
  local from = place ~= '' and place or range[2]
  repeat
    local part = redis.call(range[1], key, from, range[3], 'WITHSCORES', 'LIMIT', offset, limit)
    for i = 1, #part, 2 do
      local id, score = part[i], part[i + 1]
      local isSeen = score == place and (isNewest and id >= after or not isNewest and id <= after)
      if not isSeen and #found < limit then found[#found + 1] = {id, score} end
    end
    offset = offset + limit
  until #found == limit or #part == 0
  return found
end`;

/**
 * Reads a part of a list or sorted set, with the fields of each job.
 *
 * KEYS[1] is the prefix of the queue's keys. ARGV: type, `list` or `set`; name of the list; 1 for newest first; maximum
 * number of rows; position and ID of the last row of the previous page, or empty.
 *
 * A job's position in a sorted set is its score. In a list it is its distance from the end where reading started. The
 * job may have moved, so the script searches up to 10,000 positions further. If it does not find the job, it starts
 * over.
 */
export const READ_PAGE = `
local prefix = KEYS[1]
local key, isNewest, limit = prefix .. ARGV[2], ARGV[3] == '1', tonumber(ARGV[4])
local place, after = ARGV[5], ARGV[6]

${ROWS_OF_SET}

local function fromList()
  local start = 0
  if after ~= '' then
    local rank = isNewest and 1 or -1
    local index = redis.call('LPOS', key, after, 'RANK', rank, 'MAXLEN', place + 10000)
    if index then start = isNewest and index + 1 or redis.call('LLEN', key) - index end
  end
  local ids = isNewest and redis.call('LRANGE', key, start, start + limit - 1)
    or redis.call('LRANGE', key, -(start + limit), -(start + 1))
  local found = {}
  for i = 1, #ids do
    found[i] = {isNewest and ids[i] or ids[#ids + 1 - i], start + i - 1}
  end
  return found
end

local rows = {}
for _, found in ipairs(ARGV[1] == 'set' and fromSet() or fromList()) do
  local fields = redis.call('HMGET', prefix .. found[1], 'name', 'timestamp', 'processedOn', 'finishedOn', 'atm',
    'opts', 'progress', 'pb', 'failedReason', 'data')
  if fields[1] then
    fields[9] = fields[9] and string.sub(fields[9], 1, 2000)
    fields[10] = fields[10] and string.sub(fields[10], 1, 2000)
    rows[#rows + 1] = {found[1], tostring(found[2]), fields}
  end
end
return rows
`;

/**
 * Reads the first lines of the errors of a part of the dead letters. KEYS[1] is the prefix of the queue's keys. ARGV: 1 for
 * newest first; maximum number; score and ID of the last one of the previous part, or empty; maximum bytes of an error.
 */
export const READ_DEAD_ERRORS = `
local prefix = KEYS[1]
local key, isNewest, limit, place, after = prefix .. 'failed', ARGV[1] == '1', tonumber(ARGV[2]), ARGV[3], ARGV[4]

${ROWS_OF_SET}

local rows = {}
for i, found in ipairs(fromSet()) do
  local error = redis.call('HGET', prefix .. found[1], 'failedReason') or ''
  rows[i] = {found[1], found[2], string.sub(string.match(error, '^[^\\n]*'), 1, tonumber(ARGV[5]))}
end
return rows
`;

/** Replaces the data of a job if it is a dead letter. KEYS: the dead letters, the job. ARGV: its ID, the data. */
export const EDIT_DEAD = `
if not redis.call('ZSCORE', KEYS[1], ARGV[1]) then return 0 end
return redis.call('HSET', KEYS[2], 'data', ARGV[2])
`;

/**
 * Finds when the oldest waiting job was due. Only compares the next job of each of the first 20 priorities. KEYS[1] is
 * the prefix of the queue's keys.
 */
export const FIRST_OF_PRIORITIES = `
local prefix = KEYS[1]
local ids, score = {redis.call('LINDEX', prefix .. 'wait', -1) or nil}, 0
for _ = 1, 20 do
  local first = redis.call('ZRANGEBYSCORE', prefix .. 'prioritized', string.format('%.0f', score), '+inf',
    'WITHSCORES', 'LIMIT', 0, 1)
  if not first[1] then break end
  ids[#ids + 1] = first[1]
  score = (math.floor(tonumber(first[2]) / 0x100000000) + 1) * 0x100000000
end
local oldest
for _, id in ipairs(ids) do
  local fields = redis.call('HMGET', prefix .. id, 'timestamp', 'opts')
  if fields[1] then
    local due = tonumber(fields[1]) + (cjson.decode(fields[2] or '{}').delay or 0)
    if not oldest or due < oldest then oldest = due end
  end
end
return oldest and string.format('%.0f', oldest)
`;
