import { jobQueue, queue, store } from '../../src/options/job-queue.ts';
import { rulesIn } from '../../src/options/option.ts';
import { checkedText } from '../../src/options/rule.ts';
import { optionalConfigNode } from '../properties.ts';

const { enabled, type } = jobQueue;
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
  ...rulesIn({ enabled, ...place, ...queue }),
  /** Not `type`, which is the type of the node. */
  queue_type: type.rule,
  redis_options: checkedText(objectMistake, { fallback: '' }),
  tls: optionalConfigNode,
};
