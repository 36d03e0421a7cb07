import type { Position } from '../store/queue-access.ts';
import type { JobRow } from './list-jobs.ts';

/** A list of jobs in a store. */
export interface JobList<Found extends { position: Position }> {
  /** Reads rows after a position. Fewer than `limit` don't mean that the list ends. */
  read: (limit: number, after: Position | undefined) => Promise<Found[]>;
  /** Undefined if the job is gone. */
  toRow: (found: Found) => JobRow | undefined;
  /** Selects jobs. Default: all */
  matches: ((row: JobRow) => boolean) | undefined;
}

/** A part of a list. */
export interface ListPart {
  rows: JobRow[];
  /** Where the next part starts; undefined if there is none. */
  position: Position | undefined;
  /** Number of jobs looked at, if jobs were selected. */
  lookedAt?: number;
}

interface Request {
  limit: number;
  after: Position | undefined;
}

/** Jobs per read, which holds up the store if they are large. */
const STEP = 200;
/** Jobs per call. */
const MOST_LOOKED_AT = 5000;

/** Reads a part of a list; of selected jobs as many as there are among the next 5,000. */
export function readList<Found extends { position: Position }>(
  list: JobList<Found>,
  request: Request,
): Promise<ListPart> {
  return list.matches ? readMatching(list, list.matches, request) : readAll(list, request);
}

async function readAll<Found extends { position: Position }>(
  { read, toRow }: JobList<Found>,
  { limit, after }: Request,
): Promise<ListPart> {
  // One more row tells whether there is a next part.
  const found = await read(limit + 1, after);
  const rows = found.slice(0, limit).map(toRow);
  return {
    rows: rows.filter((row) => row !== undefined),
    position: found.length > limit ? found[limit - 1]?.position : undefined,
  };
}

async function readMatching<Found extends { position: Position }>(
  { read, toRow }: JobList<Found>,
  matches: (row: JobRow) => boolean,
  { limit, after }: Request,
): Promise<ListPart> {
  const rows: JobRow[] = [];
  let position = after;
  let lookedAt = 0;
  while (lookedAt < MOST_LOOKED_AT) {
    const found = await read(STEP, position);
    if (found.length === 0) return { rows, position: undefined, lookedAt };
    for (const one of found) {
      position = one.position;
      lookedAt += 1;
      const row = toRow(one);
      if (row && matches(row) && rows.push(row) === limit) return { rows, position, lookedAt };
    }
  }
  return { rows, position, lookedAt };
}
