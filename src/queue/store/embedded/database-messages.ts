/** Messages between this process and the database process, as JSON. */

/**
 * Name of a file in a database's directory with jobs that the database does not have yet: the database process writes it
 * when it replaces a directory, and this process adds them.
 */
export const SAVED_JOBS = 'saved-jobs.jsonl';

/** Session number of queries without a client; each is its own transaction. */
export const NO_SESSION = 0;

/** SQL with values in PostgreSQL's text format. Without `values` it may have several statements. */
export interface Query {
  do: 'query';
  id: number;
  /** Other sessions wait while this one has an open transaction. */
  session: number;
  text: string;
  values?: (string | null)[];
}

export type Command = Query | { do: 'end session'; session: number } | { do: 'close' };

/** The result of one statement; values are in PostgreSQL's text format. */
export interface ResultSet {
  command: string;
  rowCount: number | null;
  columns: { name: string; type: number }[];
  rows: (string | null)[][];
}

/** Fields of PostgreSQL's error response: message, code, detail, ... */
export type ErrorFields = Record<string, string | number | undefined> & { message: string };

export type Answer = { id: number; results: ResultSet[] } | { id: number; error: ErrorFields };

export interface Notification {
  channel: string;
  payload: string;
}

/** Why the database did not open: another process uses it, a person must act, or it is temporarily unavailable. */
export interface Refusal {
  kind: 'locked' | 'give up' | 'unavailable';
  message: string;
}

export type Report =
  | { is: 'opened' }
  | { is: 'refused'; refusal: Refusal }
  | { is: 'warning'; text: string }
  /** Opening takes longer: jobs are read from another directory. */
  | { is: 'busy' }
  | { is: 'answers'; answers: Answer[]; notifications: Notification[] };
