import { jobStates } from '../../src/base/model.ts';
import { choice } from '../../src/options/rule.ts';
import { configNode } from '../properties.ts';

/** Properties of the command; `msg` takes it from the message. */
export const rules = {
  queue: configNode('queue'),
  command: choice(
    'counts',
    'list',
    'groups',
    'get',
    'pause',
    'resume',
    'pause_workers',
    'resume_workers',
    'retry',
    'retry_all',
    'run_now',
    'remove',
    'empty',
    'msg',
  ),
  state: choice('dead', ...jobStates.filter((state) => state !== 'dead')),
};
