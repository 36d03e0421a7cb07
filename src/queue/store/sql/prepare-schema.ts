import { runMigrations, type PgPoolClient } from 'bullmq';
import { promoteInSteps } from './promote-in-steps.ts';

type Session = Pick<PgPoolClient, 'query'>;

/**
 * BullMQ looks for marked jobs every ten seconds, with no index for it: it would read the whole table each time.
 *
 * It is looked for first, since only the owner of a table may say CREATE INDEX IF NOT EXISTS.
 */
const STALLED_INDEX = `
  DO $$ BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('fp_job_stalled_idx'));
    IF to_regclass('fp_job_stalled_idx') IS NULL THEN
      CREATE INDEX fp_job_stalled_idx ON job (queue) WHERE stalled_marked;
    END IF;
  END $$`;

/** Makes BullMQ's tables where they are missing, and what they lack; unqualified names must mean the schema. */
export async function prepareSchema(session: Session, schema: string): Promise<void> {
  // The check of the version would print to the console; PostgreSQL says itself what an old one lacks.
  await runMigrations(session, schema, { skipVersionCheck: true });
  await session.query(STALLED_INDEX);
  await promoteInSteps(session);
}
