import { checkedText, choice, flag, integer, optionalConfigNode, seconds, text } from '../properties.ts';

/** An address without user and password, which are credentials. */
function addressMistake(...schemes: string[]): (address: string) => string | undefined {
  return (address) => {
    if (address === '') return undefined;
    if (!URL.canParse(address) || !schemes.includes(new URL(address).protocol)) {
      return `must start with ${schemes.map((scheme) => `${scheme}//`).join(' or ')}`;
    }
    return new URL(address).password ? 'must not hold the password: it has a field of its own' : undefined;
  };
}

/** BullMQ builds keys with colons between their parts, so a name may not hold one. */
function queueNameMistake(name: string): string | undefined {
  if (name.length > 100) return 'must have at most 100 characters';
  return /^[\w.-]+$/.test(name)
    ? undefined
    : 'must consist of letters, digits, dots, hyphens and underscores';
}

function schemaMistake(schema: string): string | undefined {
  return /^[A-Za-z_]\w{0,62}$/.test(schema)
    ? undefined
    : 'must start with a letter and consist of letters, digits and underscores';
}

function optionsMistake(json: string): string | undefined {
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

/** One queue; the names are those of flowerpower-mqtt's `job_queue` section where it has them. */
export const rules = {
  enabled: flag(true),
  /** What an imported file called it; the jobs are BullMQ's and run in Node-RED either way. */
  queue_type: choice('bullmq', 'rq'),
  store: choice('embedded', 'redis', 'postgres'),
  queue_name: checkedText(queueNameMistake, 'mqtt_pipelines'),
  directory: text('', 1000),
  redis_url: checkedText(addressMistake('redis:', 'rediss:'), 'redis://localhost:6379'),
  redis_options: checkedText(optionsMistake, ''),
  prefix: text('bull', 100),
  postgres_url: checkedText(addressMistake('postgres:', 'postgresql:'), 'postgres://localhost:5432/postgres'),
  schema: checkedText(schemaMistake, 'bullmq'),
  tls: optionalConfigNode,
  max_retries: integer(3, { least: 0, most: 1000 }),
  backoff: choice('exponential', 'fixed'),
  backoff_delay: seconds(1, { least: 0, most: 86_400 }),
  keep_completed: integer(1000, { least: 0, most: 10_000_000 }),
  keep_failed: integer(5000, { least: 0, most: 10_000_000 }),
};
