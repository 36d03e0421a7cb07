import { GiveUpError } from '../../../errors.ts';
import type { Connection } from '../../../model.ts';
import type { ErrorKind } from '../driver.ts';
import { isNetworkError } from '../is-network-error.ts';
import { errorText } from '../error-text.ts';

/** Classes of SQLSTATE (PostgreSQL, appendix A) that blame the data: exception, constraint, limit exceeded. */
const REFUSED = ['22', '23', '54'];

/** Classes that BullMQ's functions raise to tell what they found; BullMQ knows what to do. */
const RAISED = ['BM', 'P0'];

/** User and password, rights, unknown database, and what the driver says of passwords and certificates. */
const NEEDS_PERSON_CODES = /^(28|3D|42)|^(CERT|ERR_TLS|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO)/;
const NEEDS_PERSON_WORDS = /password|does not support SSL|pg_hba|certificate/;

const TRANSPORT = /^(Connection terminated|timeout exceeded|Client (has encountered|was closed))/;

/** Whether PostgreSQL answered. Any other error of a query is the store's, and may pass: it restarts, is full, ... */
export function isAnswer(error: unknown): boolean {
  const category = sqlCategory(error);
  return REFUSED.includes(category) || RAISED.includes(category) || error instanceof TypeError;
}

/** Judges an error that comes out of BullMQ, which has errors of its own. */
export function classifySqlError(error: unknown): ErrorKind {
  if (isAnswer(error)) return REFUSED.includes(sqlCategory(error)) ? 'refused' : 'unknown';
  if (!(error instanceof Error)) return 'unknown';
  const isAway = isNetworkError(error) || sqlCategory(error) !== '' || TRANSPORT.test(error.message);
  return isAway ? 'away' : 'unknown';
}

/** What an error says about the connection. */
export function troubleOf(error: unknown): Connection {
  const reason = errorText(error);
  return { state: needsPerson(error, reason) ? 'failed' : 'waiting', reason };
}

function needsPerson(error: unknown, words: string): boolean {
  if (error instanceof GiveUpError || NEEDS_PERSON_WORDS.test(words)) return true;
  return NEEDS_PERSON_CODES.test(codeOf(error) ?? '');
}

/** The class of an SQLSTATE of five characters; system errors such as EPIPE start with an E, as no class does. */
function sqlCategory(error: unknown): string {
  const code = codeOf(error);
  return code !== undefined && /^[0-9A-DF-Z][0-9A-Z]{4}$/.test(code) ? code.slice(0, 2) : '';
}

function codeOf(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : undefined;
}
