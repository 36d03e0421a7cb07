import { choice, flag, integer, seconds, text } from '../../src/options/rule.ts';
import { configNode } from '../properties.ts';

/** A limit; empty: no alarm. */
const limit = (most: number) => integer(undefined, { least: 1, most });

/** What is told, and which conditions raise an alarm. */
export const rules = {
  queue: configNode('queue'),
  completed: flag(true),
  dead: flag(true),
  failed: flag(false),
  stalled: flag(false),
  progress: flag(false),
  added: flag(false),
  paused: flag(false),
  drained: flag(false),
  catch_up: flag(false),
  pipeline: text('', 200),
  machine: choice('all', 'own'),
  backlog: limit(100_000),
  oldest: limit(31_536_000),
  failure_rate: limit(100),
  no_worker: flag(false),
  away: flag(false),
  interval: seconds(5, { least: 1, most: 3600 }),
};
