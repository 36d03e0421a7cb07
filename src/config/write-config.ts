import { stringify } from 'yaml';
import type { Config, Section } from './config.ts';
import { jobQueue, mqtt, subscription, withDefaults, type Keys } from './schema.ts';

/** What is always written, so that a reader sees it. */
const SHOWN = [
  'broker',
  'port',
  'topic',
  'pipeline',
  'qos',
  'execution_mode',
  'enabled',
  'type',
  'queue_name',
  'worker_count',
];

/**
 * Writes a config as YAML that `readConfig` and flowerpower-mqtt read alike: texts are in quotes, because YAML 1.1
 * takes some of them for numbers or flags. Most values that are the default are left out.
 */
export function writeConfig({ mqtt: broker, subscriptions, job_queue, base_dir, log_level }: Config): string {
  const content = {
    mqtt: said(broker, mqtt),
    ...(subscriptions.length > 0 && {
      subscriptions: subscriptions.map((one) => said(one, subscription)),
    }),
    job_queue: said(job_queue, jobQueue),
    base_dir,
    log_level,
  };
  return stringify(content, {
    defaultStringType: 'QUOTE_DOUBLE',
    defaultKeyType: 'PLAIN',
    lineWidth: 0,
    aliasDuplicateObjects: false,
  });
}

function said(section: Section, keys: Keys): Section {
  const defaults = withDefaults({}, keys);
  const entries = Object.entries(section).filter(
    ([name, value]) => value !== null && (SHOWN.includes(name) || value !== defaults[name]),
  );
  return Object.fromEntries(entries);
}
