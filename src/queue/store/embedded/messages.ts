/** What this process and the database's own process say to each other, as JSON. */

/** The session of queries that belong to no client; each is a transaction of its own. */
export const NO_SESSION = 0;

/** SQL with values as text, in the form that PostgreSQL reads; without `values` it may be several statements. */
export interface Query {
  do: 'query';
  id: number;
  /** While a session has a transaction open, the other sessions wait. */
  session: number;
  text: string;
  values?: (string | null)[];
}

export type Command = Query | { do: 'end session'; session: number } | { do: 'close' };

/** The result of one statement; values are text as PostgreSQL writes it. */
export interface ResultSet {
  command: string;
  rowCount: number | null;
  columns: { name: string; type: number }[];
  rows: (string | null)[][];
}

/** The parts of PostgreSQL's error response: message, code, detail, ... */
export type ErrorFields = Record<string, string | number | undefined> & { message: string };

export type Answer = { id: number; results: ResultSet[] } | { id: number; error: ErrorFields };

export interface Notification {
  channel: string;
  payload: string;
}

/** Why the database could not be opened: another process has it, a person must mend something, or it may pass. */
export interface Refusal {
  kind: 'locked' | 'give up' | 'unavailable';
  message: string;
}

export type Report =
  | { is: 'opened' }
  | { is: 'refused'; refusal: Refusal }
  | { is: 'warning'; text: string }
  | { is: 'answers'; answers: Answer[]; notifications: Notification[] };
