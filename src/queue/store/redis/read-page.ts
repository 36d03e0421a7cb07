import type { Cluster, Redis } from 'ioredis';
import type { JobState } from '../../../base/model.ts';
import {
  LONGEST_ERROR,
  type DeadError,
  type PageRequest,
  type Position,
  type StoredRow,
} from '../queue-access.ts';
import { READ_DEAD_ERRORS, READ_PAGE } from './read-page-script.ts';

interface Source {
  type: 'list' | 'set';
  /** Last part of the key. */
  key: string;
}

/** The lists with the jobs of each state, oldest first. */
const sources: Readonly<Record<JobState, Source[]>> = {
  waiting: [
    { type: 'list', key: 'wait' },
    { type: 'set', key: 'prioritized' },
  ],
  running: [{ type: 'list', key: 'active' }],
  delayed: [{ type: 'set', key: 'delayed' }],
  completed: [{ type: 'set', key: 'completed' }],
  dead: [{ type: 'set', key: 'failed' }],
};

/** The last 12 bits of a delayed job's score are a counter of BullMQ. */
const DELAYED_FRACTION = 0x1000;

/** ID, position in the list, and the fields from the script. */
type FoundJob = [id: string, place: string, fields: (string | null)[]];

/** Reads a part of a list. Waiting jobs are in two lists: without and with a priority. */
export async function readPage(
  client: Redis | Cluster,
  prefix: string,
  { state, order, limit, after }: PageRequest,
): Promise<StoredRow[]> {
  const ordered = order === 'oldest' ? sources[state] : sources[state].toReversed();
  const [afterKey, place = '', id = ''] = after ?? [];
  const start = after ? ordered.findIndex(({ key }) => key === afterKey) : 0;
  const rows: StoredRow[] = [];
  for (const { type, key } of ordered.slice(Math.max(start, 0))) {
    const from = key === afterKey ? [place, id] : ['', ''];
    const args = [type, key, order === 'newest' ? 1 : 0, limit - rows.length, ...from];
    const found = (await client.eval(READ_PAGE, 1, prefix, ...args)) as FoundJob[];
    rows.push(...found.map((job) => toRow(key, job)));
    if (rows.length === limit) break;
  }
  return rows;
}

/** Reads the errors of a part of the dead letters. */
export async function readDeadErrors(
  client: Redis | Cluster,
  prefix: string,
  { order, limit, after }: Omit<PageRequest, 'state'>,
): Promise<DeadError[]> {
  const [score = '', afterId = ''] = after ?? [];
  // A character has up to four bytes.
  const args = [order === 'newest' ? 1 : 0, limit, score, afterId, LONGEST_ERROR * 4];
  const found = (await client.eval(READ_DEAD_ERRORS, 1, prefix, ...args)) as [string, string, string][];
  return found.map(([id, place, error]) => ({ position: [place, id], id, finishedAt: Number(place), error }));
}

function toRow(key: string, [id, place, fields]: FoundJob): StoredRow {
  const [name, added, started, finished, attemptsMade, opts, progress, worker, error, data] = fields;
  const position: Position = [key, place, id];
  const { attempts = 1 } = JSON.parse(opts ?? '{}') as { attempts?: number };
  return {
    position,
    id,
    name: name ?? '',
    topic: topicOf(data ?? ''),
    addedAt: Number(added),
    startedAt: timeOf(started),
    finishedAt: timeOf(finished),
    dueAt: key === 'delayed' ? Math.floor(Number(place) / DELAYED_FRACTION) : undefined,
    attemptsMade: Number(attemptsMade ?? 0),
    attempts,
    error: error ?? undefined,
    progress: JSON.parse(progress ?? '0') as unknown,
    worker: worker ?? undefined,
  };
}

function timeOf(text: string | null | undefined): number | undefined {
  return text ? Number(text) : undefined;
}

/** Reads the topic, which is the first property of this package's jobs; the data may be truncated after it. */
function topicOf(data: string): string | undefined {
  const [, text] = /^\{"mqtt_topic":("(?:[^"\\]|\\.)*")/.exec(data) ?? [];
  return text === undefined ? undefined : (JSON.parse(text) as string);
}
