import type { ErrorFields } from './messages.ts';

/** An error that PostgreSQL answered, with the fields that node-postgres gives: `code` (SQLSTATE), `detail`, ... */
export class DatabaseError extends Error {
  override name = 'DatabaseError';
  readonly code?: string;
  readonly detail?: string;

  constructor({ message, ...fields }: ErrorFields) {
    super(message);
    Object.assign(this, fields);
  }
}
