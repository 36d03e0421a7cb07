import { PostgresQueueBackend } from 'bullmq';

type GetRanges = PostgresQueueBackend['getRanges'];

const finishedStates: readonly string[] = ['completed', 'failed'];

const NEWEST_FIRST = `
  SELECT id FROM job WHERE queue = $1 AND state = $2::job_state
  ORDER BY finished_at_ms DESC, id DESC OFFSET $3 LIMIT $4`;

/** Lists jobs that finished in the same millisecond by their id, as Redis does; BullMQ leaves their order open. */
export class OrderedBackend extends PostgresQueueBackend {
  override async getRanges(
    ...[states, start = 0, end = -1, asc]: Parameters<GetRanges>
  ): ReturnType<GetRanges> {
    const ranges = states.map(async (state) =>
      finishedStates.includes(state) && !asc
        ? [await this.#newestFirst(state, start, end)]
        : super.getRanges([state], start, end, asc),
    );
    return (await Promise.all(ranges)).flat() as Awaited<ReturnType<GetRanges>>;
  }

  async #newestFirst(state: string, start: number, end: number): Promise<string[]> {
    const limit = end < 0 ? null : end - start + 1;
    const { rows } = await this.connection.pool.query(NEWEST_FIRST, [this.queueName, state, start, limit]);
    return rows.map((row) => String(row['id']));
  }
}
