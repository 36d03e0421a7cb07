import type { PgPoolClient } from 'bullmq';
import { GiveUpError } from '../../../base/errors.ts';
import { errorText } from '../error-text.ts';

/** What the queries of this package name beside BullMQ's own: columns, and functions with their parameters. */
const USED = `
  SELECT FROM
    (SELECT queue, id, seq, name, state, data, opts, priority, progress, processed_by, failed_reason, attempts_made,
            max_attempts, added_at_ms, process_at_ms, processed_at_ms, finished_at_ms, locked_until_ms, stalled_marked,
            scheduler_id, return_value
     FROM job LIMIT 0) AS jobs,
    (SELECT queue, dedup_id, expire_at_ms FROM dedup LIMIT 0) AS keys,
    (SELECT queue, field, value FROM meta LIMIT 0) AS settings,
    (SELECT queue FROM rate_limit LIMIT 0) AS limits,
    (SELECT queue, id, event, data, created_at_ms FROM event LIMIT 0) AS events,
    (SELECT 'reprocess_job(text, text, text, boolean, boolean, boolean)'::regprocedure,
            'remove(text, text, boolean)'::regprocedure) AS functions`;

/** SQLSTATEs of a column, function or table that is not there. */
const MISSING = ['42703', '42883', '42P01'];

/**
 * Looks whether BullMQ's tables are as this package knows them: a newer BullMQ, here or on another machine, may have changed
 * them.
 *
 * @throws GiveUpError that names what is missing
 */
export async function checkTables(session: Pick<PgPoolClient, 'query'>): Promise<void> {
  try {
    await session.query(USED);
  } catch (error) {
    if (!MISSING.includes(String(Object(error).code))) throw error;
    throw new GiveUpError(
      `the tables of BullMQ are not those of BullMQ 6.7, which this package knows (${errorText(error)}): ` +
        'install the version of BullMQ that its package.json names, or give it a schema of its own',
      { cause: error },
    );
  }
}
