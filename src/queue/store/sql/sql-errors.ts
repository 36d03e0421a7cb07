import { GiveUpError } from '../../../base/errors.ts';
import type { Connection } from '../../../base/model.ts';
import type { ErrorKind } from '../driver.ts';
import { errorText, isNetworkError } from '../error-text.ts';

/** SQLSTATE classes (PostgreSQL, appendix A) caused by the data: exception, constraint, limit exceeded. */
const REFUSED = ['22', '23', '54'];

/** Classes raised by BullMQ's functions, which BullMQ handles. */
const RAISED = ['BM', 'P0'];

/** Errors that a person must fix: user, password, permissions, unknown database, certificates. */
const NEEDS_PERSON_CODES = /^(28|3D|42)|^(CERT|ERR_TLS|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO)/;
const NEEDS_PERSON_WORDS = /password|does not support SSL|pg_hba|certificate/;

const TRANSPORT = /^(Connection terminated|timeout exceeded|Client (has encountered|was closed))/;

/**
 * Tells whether PostgreSQL answered the query. Other errors may be temporary, for instance a restart or a full disk.
 */
export function isAnswer(error: unknown): boolean {
  const category = sqlCategory(error);
  return REFUSED.includes(category) || RAISED.includes(category) || error instanceof TypeError;
}

/** Classifies a BullMQ error: unavailable, rejected or unknown. */
export function classifySqlError(error: unknown): ErrorKind {
  if (isAnswer(error)) return REFUSED.includes(sqlCategory(error)) ? 'refused' : 'unknown';
  if (!(error instanceof Error)) return 'unknown';
  const isAway = isNetworkError(error) || sqlCategory(error) !== '' || TRANSPORT.test(error.message);
  return isAway ? 'away' : 'unknown';
}

/** Returns the state of the connection after an error. */
export function troubleOf(error: unknown): Connection {
  const reason = errorText(error);
  return { state: needsPerson(error, reason) ? 'failed' : 'waiting', reason };
}

function needsPerson(error: unknown, words: string): boolean {
  if (error instanceof GiveUpError || NEEDS_PERSON_WORDS.test(words)) return true;
  return NEEDS_PERSON_CODES.test(codeOf(error) ?? '');
}

/** Returns the class of an SQLSTATE. System errors such as EPIPE start with an E, which no class does. */
function sqlCategory(error: unknown): string {
  const code = codeOf(error);
  return code !== undefined && /^[0-9A-DF-Z][0-9A-Z]{4}$/.test(code) ? code.slice(0, 2) : '';
}

function codeOf(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : undefined;
}
