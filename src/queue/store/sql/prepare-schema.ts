import { runMigrations, type PgPoolClient } from 'bullmq';

/**
 * BullMQ searches for marked jobs every ten seconds. Without this index it would read the whole table each time.
 *
 * Checks first whether the index exists, because only the owner of a table may run CREATE INDEX IF NOT EXISTS.
 */
const STALLED_INDEX = `
  DO $$ BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('fp_job_stalled_idx'));
    IF to_regclass('fp_job_stalled_idx') IS NULL THEN
      CREATE INDEX fp_job_stalled_idx ON job (queue) WHERE stalled_marked;
    END IF;
  END $$`;

/** Creates missing BullMQ tables and our index. Unqualified names must refer to the schema. */
export async function prepareSchema(session: Pick<PgPoolClient, 'query'>, schema: string): Promise<void> {
  // The version check would print to the console; an old PostgreSQL reports unsupported syntax itself.
  await runMigrations(session, schema, { skipVersionCheck: true });
  await session.query(STALLED_INDEX);
}
