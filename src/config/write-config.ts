import { stringify } from 'yaml';
import { defaultInFile, type FileValue, type Options } from '../options/option.ts';
import { sections, type Config } from './config.ts';

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
  'base_dir',
  'log_level',
];

/**
 * Writes a config as YAML that `readConfig` and flowerpower-mqtt read alike: texts are in quotes, because YAML 1.1
 * takes some of them for numbers or flags. Most values that are the default are left out.
 */
export function writeConfig({ mqtt: broker, subscriptions, job_queue, ...project }: Config): string {
  const content = {
    mqtt: written(broker, sections.mqtt),
    ...(subscriptions.length > 0 && {
      subscriptions: subscriptions.map((one) => written(one, sections.subscriptions)),
    }),
    job_queue: written(job_queue, sections.job_queue),
    ...written(project, sections['']),
  };
  return stringify(content, {
    defaultStringType: 'QUOTE_DOUBLE',
    defaultKeyType: 'PLAIN',
    lineWidth: 0,
    aliasDuplicateObjects: false,
  });
}

function written(section: Record<string, FileValue>, options: Options): Record<string, FileValue> {
  const isDefault = (name: string, value: FileValue) => {
    const option = options[name];
    return option !== undefined && value === defaultInFile(option);
  };
  const entries = Object.entries(section).filter(
    ([name, value]) => value !== null && (SHOWN.includes(name) || !isDefault(name, value)),
  );
  return Object.fromEntries(entries);
}
