/** Events get their number before they are committed: one with a lower number may come later. */
import assert from 'node:assert/strict';
import { Client } from 'pg';
import { openQueue } from '../../../../../src/queue/open-queue.ts';
import { postgresUrl, sharedPostgres } from '../../../../helpers/postgres.ts';
import { readPickle } from '../../../../../src/payload/pickle/pickle.ts';
import { closing } from '../../../../helpers/closing.ts';
import { describeWith } from '../../../../helpers/requires.ts';
import { unique } from '../../../../helpers/unique.ts';
import { until } from '../../../../helpers/until.ts';

describeWith(['postgres'], 'events on PostgreSQL', () => {
  const later = closing();

  /** A session that publishes events as BullMQ's functions do. */
  const publisher = async (queue: string) => {
    const client = new Client({ connectionString: postgresUrl(sharedPostgres()) });
    await client.connect();
    later(() => client.end());
    const publish = (jobId: string) =>
      client.query(`SELECT bullmq.publish_event($1, 'added', $2)`, [queue, { jobId }]);
    return { client, publish };
  };

  it('an event that is committed after a later one is told too, and each is told once', async () => {
    const name = unique('queue');
    const queue = openQueue(
      { store: 'postgres', postgres_url: postgresUrl(sharedPostgres()) },
      { queue: { queue_name: name }, listeners: {}, readPickle },
    );
    later(() => queue.close());
    const told: unknown[] = [];
    later(queue.listen({ kinds: ['added'], onEvent: ({ job }) => told.push(job?.id) }));
    const untilTold = (id: string) => until(`${id} is told`, () => told.includes(id));
    await queue.inspector.counts();
    const [slow, fast] = await Promise.all([publisher(name), publisher(name)]);
    await until('events are heard', async () => {
      await fast.publish('first');
      return told.length > 0;
    });
    await slow.client.query('BEGIN');
    await slow.publish('slow');
    await fast.publish('fast');
    await untilTold('fast');
    await slow.client.query('COMMIT');
    await untilTold('slow');
    await fast.publish('last');
    await untilTold('last');
    assert.deepEqual(
      told.filter((id) => id !== 'first'),
      ['fast', 'slow', 'last'],
    );
  });
});
