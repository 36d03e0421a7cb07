import type { Redis } from 'ioredis';
import { openProducerFor, type Producer, type ProducerSettings } from '../producer.ts';
import type { EncodedJob, JobSink } from '../write-jobs.ts';
import { enqueue } from './enqueue.ts';
import { deduplicationKey } from './keys.ts';
import { encodeRqJob, type RqJobOptions } from './new-rq-job.ts';
import { resolveRqQueueOptions, type RqQueueOptions } from './rq-options.ts';
import type { RqStore } from './rq-store.ts';

/**
 * Opens a producer for a queue that Python's RQ workers take jobs from.
 *
 * @throws OptionsError when an option is wrong
 */
export function openRqProducer(
  store: RqStore,
  options: Partial<RqQueueOptions> = {},
  settings: ProducerSettings = {},
): Producer {
  const queue = resolveRqQueueOptions(options);
  const warn = (text: string) => store.warn(text);
  return openProducerFor(
    {
      name: queue.queue_name,
      store,
      sink: async () => sink(await store.client(), queue.queue_name, warn),
      removeKeys: async (keys) => {
        const client = await store.client();
        await client.del(keys.map((key) => deduplicationKey(queue.queue_name, 'once', key)));
      },
      encode: (job, limit) => encodeRqJob(job, queue, limit),
    },
    settings,
  );
}

function sink(client: Redis, queue: string, warn: (text: string) => void): JobSink {
  const addBulk = async (jobs: Pick<EncodedJob, 'opts'>[]) => {
    const options = jobs.map(({ opts }) => opts as RqJobOptions);
    const { ids, hasScheduler } = await enqueue(client, queue, options);
    if (!hasScheduler && options.some(({ due }) => due !== undefined)) warn(noScheduler(queue));
    return ids.map((id) => ({ id }));
  };
  return {
    addBulk,
    add: async (_name, _data, opts) => (await addBulk([{ opts }]))[0] ?? {},
  };
}

function noScheduler(queue: string): string {
  return (
    `delayed jobs stay in the queue ${queue} until a scheduler of RQ runs: ` +
    `start one of its workers with --with-scheduler`
  );
}
