import { inflateSync } from 'node:zlib';
import { errorText } from '../store/error-text.ts';
import { readSerialized, type ReadPickle } from './read-serialized.ts';
import { runScript, script } from './run-script.ts';
import type { RqStore } from './rq-store.ts';

/** How a job ended; `retried`: it runs again. */
export type RqResult = { at: Date; worker: string | undefined } & (
  { state: 'finished' | 'retried'; value: unknown } | { state: 'failed' | 'stopped'; traceback: string }
);

/** Result.Type in RQ's results.py. */
const states: Record<string, RqResult['state']> = {
  1: 'finished',
  2: 'failed',
  3: 'stopped',
  4: 'retried',
  5: 'failed',
};

/** Base64 of 1 MiB, and some more. */
const LONGEST = 1_500_000;
const LARGEST_TEXT = 1_048_576;

/** Reads the newest entry of a job's results; a value that is too long stays in Redis, its length comes instead. */
const READ_RESULT = script(`
local entry = redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)[1]
if not entry then return false end
local answer = {entry[1]}
local wanted = {type = 2, return_value = 3, exc_string = 4, worker_name = 5}
for i = 2, 5 do answer[i] = '' end
for i = 1, #entry[2], 2 do
  local place, value = wanted[entry[2][i]], entry[2][i + 1]
  if place then answer[place] = #value <= tonumber(ARGV[1]) and value or '!' .. #value end
end
return answer
`);

/** Reads how a job ended last; undefined if it has not ended, or RQ keeps its result no longer. */
export async function readRqResult(
  store: RqStore,
  id: string,
  readPickle: ReadPickle,
): Promise<RqResult | undefined> {
  const client = await store.client();
  const keys = [`rq:results:${id}`];
  const answer = await runScript(client, READ_RESULT, { keys, args: [LONGEST] });
  if (!Array.isArray(answer)) return undefined;
  const [entry, type, value, exception, worker] = answer.map(String) as [
    string,
    string,
    string,
    string,
    string,
  ];
  const end = { at: new Date(Number.parseInt(entry, 10)), worker: worker === '' ? undefined : worker };
  const state = states[type] ?? 'finished';
  if (state === 'failed' || state === 'stopped') return { ...end, state, traceback: readText(exception) };
  return { ...end, state, value: readValue(value, readPickle) };
}

/** What a Python function returned, or in words why it cannot be read here. */
function readValue(encoded: string, readPickle: ReadPickle): unknown {
  if (encoded === '') return null;
  if (encoded.startsWith('!'))
    return `a result of ${encoded.slice(1)} bytes, which is too long to be read here`;
  const bytes = Buffer.from(encoded, 'base64');
  try {
    return readSerialized(bytes, readPickle);
  } catch (error) {
    return `a result that only Python can read: ${errorText(error)}`;
  }
}

/** A traceback, as RQ keeps it. */
export function readText(encoded: string): string {
  if (encoded === '') return '';
  if (encoded.startsWith('!'))
    return `a traceback of ${encoded.slice(1)} bytes, which is too long to be read here`;
  try {
    return inflateSync(Buffer.from(encoded, 'base64'), { maxOutputLength: LARGEST_TEXT }).toString();
  } catch (error) {
    return `a traceback that cannot be read: ${errorText(error)}`;
  }
}
