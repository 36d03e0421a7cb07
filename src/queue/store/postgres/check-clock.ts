import type { PgPoolClient } from 'bullmq';

/** Seconds. */
const MOST_DIFFERENCE = 5;

/**
 * Warns if this machine and the server disagree about the time. BullMQ's functions for PostgreSQL take the time of the
 * machine that calls them: for one that is ahead, the claims that others have on their jobs are over too early.
 */
export async function checkClock(
  session: Pick<PgPoolClient, 'query'>,
  warn: (text: string) => void,
): Promise<void> {
  const { rows } = await session.query('SELECT extract(epoch FROM clock_timestamp()) AS seconds');
  const ahead = Date.now() / 1000 - Number(rows[0]?.['seconds']);
  if (Math.abs(ahead) <= MOST_DIFFERENCE) return;
  warn(
    `the clock of this machine is ${Math.abs(ahead).toFixed()} s ${ahead > 0 ? 'ahead of' : 'behind'} that of ` +
      'PostgreSQL: let NTP set both, for jobs run more than once when machines differ by more than 10 s',
  );
}
