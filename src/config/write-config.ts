import { stringify } from 'yaml';
import { defaultInFile, type FileValue, type Options } from '../options/option.ts';
import { sections, type Config } from './config.ts';

/** Keys that are written even if they have their default. */
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
 * Writes a config as YAML for `readConfig` and flowerpower-mqtt. Texts are quoted, because YAML 1.1 reads some unquoted
 * ones as numbers or booleans. Omits most values that are the default.
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
