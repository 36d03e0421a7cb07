/** Configs as people write them, and any valid one. */
import * as fc from 'fast-check';
import {
  readConfig,
  sections,
  withDefaults,
  type Config,
  type FileValue,
  type Options,
  type ReadConfig,
  type Section,
} from '../../src/index.ts';
import { payloadFormats } from '../../src/payload/formats.ts';

export function read(text: string): ReadConfig {
  return readConfig(text, (variable) => variable);
}

/** The config of a text without mistakes. */
export function valid(text: string): Config {
  const { config, problems } = read(text);
  if (!config) throw new Error(problems.map(({ path, message }) => `${path} ${message}`).join('\n'));
  return config;
}

const variable = fc.constantFrom('${GATEWAY}', '${A_B}');
const words = fc.stringMatching(/^[a-zA-Z0-9 _.:#'"{}$&*!|>%@,-]{1,20}$/).map((text) => text.trim() || 'x');
const awkward = fc.constantFrom(
  'yes',
  'no',
  '1e3',
  '0x1f',
  'null',
  '~',
  '2026-01-01',
  '- a',
  'ä ö',
  'a: b',
  '007',
);
const name = fc.stringMatching(/^[a-z0-9_.-]{1,20}$/);
const topic = fc.constantFrom('a', 'a/b', 'sensors/+/t', '#', '$share/g/a/#', 'yes', '12');
const whole = (min: number, max: number) => fc.integer({ min, max });
const seconds = (min: number, max: number) => fc.integer({ min: min * 10, max: max * 10 }).map((n) => n / 10);

/** What each key may hold besides a variable; those options that are not here may hold any text. */
const values: Record<string, fc.Arbitrary<unknown>> = {
  broker: fc.constantFrom('localhost', '10.0.0.1', 'mqtts://h', 'mqtts://h:8883', 'ws://h/mqtt'),
  port: whole(1, 65_535),
  keepalive: whole(0, 65_535),
  clean_session: fc.boolean(),
  reconnect_retries: whole(0, 1000),
  reconnect_delay: seconds(1, 3600),
  protocol: fc.constantFrom(4, 5),
  window: whole(1, 65_535),
  qos0_buffer: whole(0, 1_000_000),
  session_expiry: whole(60, 4_294_967_295),
  qos0_drop: fc.constantFrom('oldest', 'newest'),
  tls_verify: fc.boolean(),
  topic,
  qos: fc.constantFrom(0, 1, 2),
  execution_mode: fc.constantFrom('sync', 'async', 'mixed'),
  deserialization_format: fc.constantFrom(...payloadFormats),
  max_payload: whole(1, 262_144),
  enabled: fc.boolean(),
  type: fc.constantFrom('rq', 'bullmq'),
  redis_url: fc.constantFrom('redis://h:1/2', 'rediss://h'),
  queue_name: name,
  worker_count: whole(1, 1000),
  max_retries: whole(0, 1000),
  store: fc.constantFrom('redis', 'postgres', 'embedded'),
  postgres_url: fc.constant('postgres://h:5/d'),
  schema: fc.constantFrom('bullmq', 'other_1'),
  backoff: fc.constantFrom('fixed', 'exponential'),
  backoff_delay: seconds(0, 1000),
  backoff_max: seconds(1, 1000),
  keep_completed: whole(0, 10_000),
  keep_failed: whole(0, 10_000),
  timeout: seconds(0, 1000),
  log_level: fc.constantFrom('DEBUG', 'INFO', 'WARNING', 'ERROR', 'CRITICAL'),
};

function section<O extends Options>(options: O): fc.Arbitrary<Section<O>> {
  const entries = Object.entries(options).map(([key, { required }]) => {
    const value = fc.oneof({ weight: 6, arbitrary: values[key] ?? fc.oneof(words, awkward) }, variable);
    return [key, required ? value : fc.oneof(fc.constant(null), value)] as const;
  });
  const said = fc.record(Object.fromEntries(entries), { noNullPrototype: true });
  return said.map((one) => withDefaults(one as Record<string, FileValue>, options));
}

type Subscription = Config['subscriptions'][number];

/** Protobuf needs its file. */
function withProto(subscription: Subscription): Subscription {
  if (subscription.deserialization_format !== 'protobuf') return subscription;
  return { ...subscription, proto_file: 'a.proto', proto_message: 'plant.Reading' };
}

/** Any valid config. */
export const anyConfig: fc.Arbitrary<Config> = fc
  .record(
    {
      mqtt: section(sections.mqtt),
      subscriptions: fc.array(section(sections.subscriptions), { maxLength: 5 }),
      job_queue: section(sections.job_queue),
      project: section(sections['']),
    },
    { noNullPrototype: true },
  )
  .map(({ project, subscriptions, ...others }) => ({
    ...others,
    subscriptions: subscriptions.map(withProto),
    ...project,
  }));
