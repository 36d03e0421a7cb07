import type { PgPoolClient } from 'bullmq';

/** Seconds. */
const MOST_DIFFERENCE = 5;

/**
 * Warns if the clocks of this machine and the server differ. BullMQ's functions for PostgreSQL use the time of the
 * calling machine: if its clock is ahead, it takes over the jobs of other machines too early.
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
      'PostgreSQL: synchronize both with NTP, because jobs run twice if machines differ by more than 10 s',
  );
}
