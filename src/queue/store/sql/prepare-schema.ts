import {
  assertSchemaCompatibility,
  LATEST_SCHEMA_VERSION,
  runMigrations,
  SchemaMigrationRequiredError,
  type PgPoolClient,
} from 'bullmq';
import { checkTables } from './check-tables.ts';
import { createHistory } from './history.ts';
import { promoteInSteps } from './promote-in-steps.ts';

type Session = Pick<PgPoolClient, 'query'>;

/**
 * BullMQ searches for marked jobs every ten seconds. Without this index it would read the whole table each time.
 *
 * Checks first whether the index exists, because only the owner of a table may run CREATE INDEX IF NOT EXISTS.
 */
const STALLED_INDEX = `
  DO $$ BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('fp_job_stalled_idx'));
    IF to_regclass('fp_job_stalled_idx') IS NULL
       AND (SELECT pg_has_role(relowner, 'USAGE') FROM pg_class WHERE oid = 'job'::regclass) THEN
      CREATE INDEX fp_job_stalled_idx ON job (queue) WHERE stalled_marked;
    END IF;
  END $$`;

// The check of the version would print to the console; PostgreSQL says itself what an old one lacks.
const unchecked = { skipVersionCheck: true };

/** Makes BullMQ's tables where they are missing, and what they lack; unqualified names must mean the schema. */
export async function prepareSchema(session: Session, schema: string): Promise<void> {
  // BullMQ's migrations alter a table also where there is nothing to do, which only its owner may.
  if ((await schemaVersion(session, schema)) < LATEST_SCHEMA_VERSION)
    await runMigrations(session, schema, unchecked);
  await checkTables(session);
  await session.query(STALLED_INDEX);
  await createHistory(session);
  await promoteInSteps(session);
}

/** The version of the schema; 0 where there is none. */
async function schemaVersion(session: Session, schema: string): Promise<number> {
  try {
    return await assertSchemaCompatibility(session, schema, unchecked);
  } catch (error) {
    if (error instanceof SchemaMigrationRequiredError) return 0;
    throw error;
  }
}
