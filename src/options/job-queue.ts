import { isVariable } from '../base/variable.ts';
import type { Option, Options } from './option.ts';
import { rq } from './rq.ts';
import { checkedText, choice, flag, integer, seconds, text, type Stored } from './rule.ts';

/** An address without user and password, which have their own fields. */
function address(fallback: string, ...schemes: string[]) {
  const mistake = (found: string) => {
    if (!URL.canParse(found) || !schemes.includes(new URL(found).protocol.slice(0, -1))) {
      return `must start with ${schemes.map((scheme) => `${scheme}://`).join(' or ')}`;
    }
    return new URL(found).password ? 'must not hold the password: it has a field of its own' : undefined;
  };
  return checkedText(mistake, { fallback, schema: { pattern: `^(${schemes.join('|')})://` } });
}

/** No colons: BullMQ separates the parts of its keys by colons. */
const QUEUE_NAME = '^[\\w.-]{1,100}$';
const SCHEMA_NAME = '^[A-Za-z_]\\w{0,62}$';

function matching(pattern: string, fallback: string, mistake: string) {
  const isRight = new RegExp(pattern);
  return checkedText((found) => (isRight.test(found) ? undefined : mistake), {
    fallback,
    schema: { pattern },
  });
}

/** Options of the store. */
export const store = {
  store: {
    rule: choice('embedded', 'redis', 'postgres'),
    about: '`redis`, `postgres`, or `embedded` (no server)',
    inFile: 'redis',
    ours: true,
  },
  redis_url: {
    rule: address('redis://localhost:6379', 'redis', 'rediss'),
    about: '`redis://` or `rediss://`; user and password become credentials',
  },
  postgres_url: {
    rule: address('postgres://localhost:5432/postgres', 'postgres', 'postgresql'),
    about: '`postgres://host:port/database`',
    ours: true,
  },
  username: { rule: text(), about: 'of Redis or PostgreSQL; becomes a credential', secret: true, ours: true },
  password: { rule: text(), about: 'of Redis or PostgreSQL; becomes a credential', secret: true, ours: true },
  prefix: { rule: text('bull', 100), about: 'prefix of the keys in Redis', ours: true },
  schema: {
    rule: matching(
      SCHEMA_NAME,
      'bullmq',
      'must start with a letter and consist of at most 63 letters, digits and underscores',
    ),
    about: 'in PostgreSQL',
    ours: true,
  },
  directory: {
    rule: text(),
    about: 'of the embedded store; empty: `flowerpower` in the user directory',
    ours: true,
  },
} satisfies Options;

/** Options of a queue. */
export const queue = {
  queue_name: {
    rule: matching(
      QUEUE_NAME,
      'mqtt_pipelines',
      'must consist of at most 100 letters, digits, dots, hyphens and underscores',
    ),
    about: 'letters, digits, dots, hyphens and underscores',
  },
  max_retries: {
    rule: integer(3, { least: 0, most: 1000 }),
    about: 'retries of a failed job, 0 to 1000',
  },
  backoff: { rule: choice('exponential', 'fixed'), about: '`exponential` or `fixed`', ours: true },
  backoff_delay: {
    rule: seconds(1, { least: 0, most: 86_400 }),
    about: 'seconds before the first retry',
    ours: true,
  },
  backoff_max: {
    rule: seconds(3600, { least: 1, most: 86_400 }),
    about: 'maximum seconds of an exponential delay',
    ours: true,
  },
  keep_completed: {
    rule: integer(1000, { least: 0, most: 10_000_000 }),
    about: 'number of completed jobs to keep',
    ours: true,
  },
  keep_failed: {
    rule: integer(5000, { least: 0, most: 10_000_000 }),
    about: 'number of dead letters to keep',
    ours: true,
  },
} satisfies Options;

/** Options of a worker. */
export const worker = {
  worker_count: {
    rule: integer(4, { least: 1, most: 1000 }),
    about: 'jobs at the same time, 1 to 1000',
  },
  timeout: {
    rule: seconds(300, { least: 0, most: 2_000_000 }),
    about: 'maximum seconds of a job; 0: no limit',
    ours: true,
  },
} satisfies Options;

/** Who runs the jobs of `type: rq`; in Node-RED this is a store. */
const workers = {
  rule: choice('node-red', 'python'),
  about: '`node-red`, or `python`: RQ workers that run already keep running the jobs of `type: rq`',
  ours: true,
  mistakeBeside: pythonMistake,
} satisfies Option;

/** A node cannot be made for a variable: it decides which nodes there are. */
function pythonMistake({ workers: found, type, store: place }: Stored): string | undefined {
  if (isVariable(found)) return 'must be node-red or python, no environment variable';
  if (found !== 'python') return undefined;
  if (type !== 'rq') return 'can be python only with `type: rq`';
  return place === 'redis' ? undefined : 'can be python only with `store: redis`: RQ keeps its jobs in Redis';
}

/** The section `job_queue`. */
export const jobQueue = {
  enabled: { rule: flag(true), about: 'false: every message runs immediately', inFile: false },
  type: {
    rule: choice('bullmq', 'rq'),
    about: '`rq` or `bullmq`; both run in Node-RED, unless `workers` says python',
    inFile: 'rq',
  },
  workers,
  ...store,
  ...queue,
  sidebar_read_only: {
    rule: flag(false),
    about: 'true: the Jobs tab of the editor shows the jobs, but changes none',
    ours: true,
  },
  ...worker,
  ...rq,
} satisfies Options;
