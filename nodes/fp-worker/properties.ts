import { worker } from '../../src/options/job-queue.ts';
import { choice, integer, seconds } from '../../src/options/rule.ts';
import { configNode } from '../properties.ts';

/** A worker: how many jobs at the same time, how fast, how long each may take, and whose errors fail them. */
export const rules = {
  queue: configNode('queue'),
  concurrency: worker.worker_count.rule,
  timeout: worker.timeout.rule,
  limit_max: integer(0, { least: 0, most: 1_000_000 }),
  limit_duration: seconds(1, { least: 0.001, most: 86_400 }),
  errors: choice('all', 'unhandled'),
};
