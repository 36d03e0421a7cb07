import { jobQueue, queue, store, worker } from '../../src/options/job-queue.ts';
import { rulesIn } from '../../src/options/option.ts';
import { project } from '../../src/options/project.ts';
import { rq } from '../../src/options/rq.ts';
import { checkedText, choice } from '../../src/options/rule.ts';
import { optionalConfigNode } from '../properties.ts';

const { enabled, type, sidebar_read_only } = jobQueue;
/** User and password are credentials. */
const { username: _username, password: _password, ...place } = store;

function objectMistake(json: string): string | undefined {
  if (json === '') return undefined;
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? undefined
      : 'must be a JSON object';
  } catch (error) {
    return `must be a JSON object: ${(error as Error).message}`;
  }
}

/** Properties of a queue. */
export const rules = {
  ...rulesIn({ enabled, ...place, ...queue, sidebar_read_only }),
  /** In a file, `rq` is the store redis with the workers python. */
  store: choice('embedded', 'redis', 'postgres', 'rq'),
  ...rulesIn(rq),
  timeout: worker.timeout.rule,
  base_dir: project.base_dir.rule,
  /** Not used by Node-RED; kept for the export of an imported file. */
  worker_count: worker.worker_count.rule,
  /** Not `type`, which is the type of the node. */
  queue_type: type.rule,
  redis_options: checkedText(objectMistake, { fallback: '' }),
  tls: optionalConfigNode,
};
