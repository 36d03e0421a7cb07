/** Typical configs, and arbitrary valid ones. */
import * as fc from 'fast-check';
import {
  readConfig,
  sections,
  withDefaults,
  type Config,
  type FileValue,
  type Option,
  type Options,
  type ReadConfig,
  type Section,
} from '../../src/index.ts';

export function read(text: string): ReadConfig {
  return readConfig(text, (variable) => variable);
}

/** Returns the config of a valid text. */
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
const seconds = (min: number, max: number) =>
  fc.integer({ min: Math.ceil(min * 10), max: max * 10 }).map((n) => n / 10);

/** Possible values of texts with a pattern; other texts may be any. */
const texts: Record<string, fc.Arbitrary<string>> = {
  broker: fc.constantFrom('localhost', '10.0.0.1', 'mqtts://h', 'mqtts://h:8883', 'ws://h/mqtt'),
  topic,
  redis_url: fc.constantFrom('redis://h:1/2', 'rediss://h'),
  queue_name: name,
  postgres_url: fc.constant('postgres://h:5/d'),
  schema: fc.constantFrom('bullmq', 'other_1'),
  function: fc.constantFrom('a.b', 'package.module.function_1'),
};

/** Possible values of an option, from its rule. */
function valueOf(key: string, { rule: { schema } }: Option): fc.Arbitrary<unknown> {
  const { type, enum: choices, minimum, maximum } = schema;
  const bounds: [number, number] = [Number(minimum), Math.min(Number(maximum), 1_000_000)];
  if (Array.isArray(choices)) return fc.constantFrom(...(choices as unknown[]));
  if (type === 'boolean') return fc.boolean();
  if (type === 'integer') return whole(...bounds);
  return type === 'number' ? seconds(...bounds) : (texts[key] ?? fc.oneof(words, awkward));
}

function section<O extends Options>(options: O): fc.Arbitrary<Section<O>> {
  const entries = Object.entries<Option>(options).map(([key, option]) => {
    const value = fc.oneof({ weight: 6, arbitrary: valueOf(key, option) }, variable);
    return [key, option.required ? value : fc.oneof(fc.constant(null), value)] as const;
  });
  const said = fc.record(Object.fromEntries(entries), { noNullPrototype: true });
  return said.map((one) => withDefaults(one as Record<string, FileValue>, options));
}

type Subscription = Config['subscriptions'][number];

/** Adds the file that protobuf needs. */
function withProto(subscription: Subscription): Subscription {
  if (subscription.deserialization_format !== 'protobuf') return subscription;
  return { ...subscription, proto_file: 'a.proto', proto_message: 'plant.Reading' };
}

/** Python's workers need RQ's Redis; who they are is no variable. */
function withWorkers(queue: Config['job_queue']): Config['job_queue'] {
  if (queue.workers === 'python') return { ...queue, type: 'rq', store: 'redis' };
  return { ...queue, workers: 'node-red' };
}

/** Arbitrary valid configs. */
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
  .map(({ project, subscriptions, job_queue, ...others }) => ({
    ...others,
    job_queue: withWorkers(job_queue),
    subscriptions: subscriptions.map(withProto),
    ...project,
  }));
