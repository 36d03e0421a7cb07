import type { ErrorFields } from './database-messages.ts';

/** An error from PostgreSQL, with the same fields as in node-postgres: `code` (SQLSTATE), `detail`, ... */
export class DatabaseError extends Error {
  override name = 'DatabaseError';
  readonly code?: string;
  readonly detail?: string;

  constructor({ message, ...fields }: ErrorFields) {
    super(message);
    Object.assign(this, fields);
  }
}
