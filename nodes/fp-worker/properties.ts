import { choice, configNode, integer, seconds } from '../properties.ts';

/** A worker: how many jobs at the same time, how fast, how long each may take, and whose errors fail them. */
export const rules = {
  queue: configNode('queue'),
  concurrency: integer(4, { least: 1, most: 1000 }),
  timeout: seconds(300, { least: 0, most: 2_000_000 }),
  limit_max: integer(0, { least: 0, most: 1_000_000 }),
  limit_duration: seconds(1, { least: 0.001, most: 86_400 }),
  errors: choice('all', 'unhandled'),
};
