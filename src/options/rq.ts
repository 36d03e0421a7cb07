import type { Options } from './option.ts';
import { checkedText, choice, integer } from './rule.ts';

/** Python's `import_attribute` needs a module and a name in it. */
const FUNCTION = '^[A-Za-z_]\\w*(\\.[A-Za-z_]\\w*)+$';
const LONGEST_FUNCTION = 200;
const TEN_YEARS = 315_360_000;

function functionMistake(name: string): string | undefined {
  const isRight = name.length <= LONGEST_FUNCTION && new RegExp(FUNCTION).test(name);
  return isRight
    ? undefined
    : 'must be the name of a Python function with its module, such as package.module.function';
}

/** What becomes of jobs that Python's RQ workers run (https://python-rq.org/docs/). */
export const rq = {
  function: {
    rule: checkedText(functionMistake, {
      fallback: 'flowerpower_mqtt.job_handler.execute_pipeline_job',
      schema: { pattern: FUNCTION, maxLength: LONGEST_FUNCTION },
    }),
    about: 'Python workers: the function that they call',
    ours: true,
  },
  serializer: {
    rule: choice('pickle', 'json'),
    about: 'Python workers: `pickle`, or `json` if they run with `-S rq.serializers.JSONSerializer`',
    ours: true,
  },
  result_ttl: {
    rule: integer(undefined, { least: -1, most: TEN_YEARS }),
    about: 'Python workers: seconds that a result is kept, -1 for ever; empty: as the workers say',
    ours: true,
  },
  failure_ttl: {
    rule: integer(undefined, { least: -1, most: TEN_YEARS }),
    about: 'Python workers: seconds that a failed job is kept, -1 for ever; empty: a year',
    ours: true,
  },
} satisfies Options;
