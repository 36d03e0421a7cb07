import type { PgPoolClient } from 'bullmq';

/** Jobs that are promoted together: an add waits for as many such steps as there are workers. */
const MOST_AT_ONCE = 50;

const FUNCTION = 'move_to_active(text, text, bigint, bigint, text, integer, bigint)';

/** MD5 of the body that BullMQ 6.7 installs; another one stays as it is. */
const KNOWN_BODY = 'cb099ee7ebd18eccd8f9f9eaec4c059e';

const ALL_DUE = `FOR v_id IN
    WITH promoted AS (
      UPDATE job
         SET state = 'waiting', delay_ms = 0
       WHERE queue = p_queue
         AND state = 'delayed'
         AND process_at_ms <= p_now
      RETURNING id
    )
    SELECT id FROM promoted
  LOOP
    PERFORM publish_event(p_queue, 'waiting',
      jsonb_build_object('jobId', v_id, 'prev', 'delayed'));
  END LOOP;`;

/**
 * Without a CTE of its own, PostgreSQL may read the next ones for each job that it updates. The events are written, told of
 * and trimmed together, as BullMQ does it for the jobs of one add.
 */
const SOME_DUE = `WITH due AS MATERIALIZED (
    SELECT id FROM job
     WHERE queue = p_queue AND state = 'delayed' AND process_at_ms <= p_now
     ORDER BY process_at_ms
     LIMIT ${MOST_AT_ONCE}
     FOR UPDATE SKIP LOCKED
  ), promoted AS (
    UPDATE job SET state = 'waiting', delay_ms = 0
     WHERE queue = p_queue AND id IN (SELECT id FROM due)
    RETURNING id
  )
  INSERT INTO event (queue, event, data, created_at_ms)
  SELECT p_queue, 'waiting', jsonb_build_object('jobId', id, 'prev', 'delayed'),
         (extract(epoch FROM clock_timestamp()) * 1000)::bigint
    FROM promoted;

  IF FOUND THEN
    PERFORM pg_notify('bullmq_events', p_queue);
    IF pg_try_advisory_xact_lock(hashtext('bullmq:evtrim:' || p_queue)) THEN
      DELETE FROM event
       WHERE queue = p_queue AND id <= (SELECT max(id) FROM event WHERE queue = p_queue) - NULLIF(COALESCE(
         (SELECT value::integer FROM meta WHERE queue = p_queue AND field = 'opts.maxLenEvents'), 10000), 0);
    END IF;
  END IF;`;

/** Only the owner of a function may replace it, and two who do so at the same time disturb each other. */
const REPLACE = `
  DO $fp$ DECLARE
    known regprocedure := to_regprocedure('${FUNCTION}');
  BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('fp_promote_in_steps'));
    IF (SELECT md5(prosrc) = '${KNOWN_BODY}' AND pg_has_role(proowner, 'USAGE') FROM pg_proc WHERE oid = known) THEN
      EXECUTE replace(pg_get_functiondef(known), $old$${ALL_DUE}$old$, $new$${SOME_DUE}$new$);
    END IF;
  END $fp$`;

/**
 * Bounds how many delayed jobs that are due a worker makes waiting before it takes a job. BullMQ promotes all in one
 * transaction, whose time grows with their square, and on the embedded store nothing else runs meanwhile: see
 * docs/upstream.md.
 */
export async function promoteInSteps(session: Pick<PgPoolClient, 'query'>): Promise<void> {
  await session.query(REPLACE);
}
