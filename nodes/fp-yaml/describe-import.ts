import { usesTls, whoRuns, type Config } from '../../src/index.ts';
import { brokerLabel } from '../../src/mqtt/address.ts';

const IN_NODE_RED = 'type rq: jobs will run in Node-RED, on the same Redis; stop the Python workers';

/** Describes the result of an import, one sentence per line. */
export function describeImport({ mqtt, subscriptions, job_queue, base_dir }: Config): string[] {
  const where = {
    redis: `on Redis at ${job_queue.redis_url}`,
    postgres: `on PostgreSQL at ${job_queue.postgres_url}`,
    embedded: 'in the embedded store',
  }[String(job_queue.store)];
  const isPython = job_queue.workers === 'python';
  const bounds = isPython ? '' : `, ${job_queue.worker_count} jobs at the same time`;
  const queue = `queue ${job_queue.queue_name} ${where ?? ''}${bounds}`;
  const isOff = job_queue.enabled === false;
  return [
    `broker ${brokerLabel({ ...mqtt, tls: usesTls(mqtt) })}`,
    ...subscriptions.map(
      ({ topic, pipeline, qos, execution_mode }) =>
        `${topic} → ${pipeline} (QoS ${qos}, ${isOff ? 'sync, the queue is off' : execution_mode})`,
    ),
    isOff ? `${queue}; switched off` : queue,
    `pipelines in ${base_dir}`,
    ...(job_queue.type === 'rq' && job_queue.store === 'redis' && !isOff
      ? [isPython ? `type rq: ${whoRuns(String(job_queue.queue_name))}; keep those processes` : IN_NODE_RED]
      : []),
  ];
}
