import { sections } from '../../config/config.ts';
import { defaultInFile, type FileValue, type Option, type Options } from '../../options/option.ts';

const SUBSCRIPTION = { topic: 'sensors/+/data', pipeline: 'my_pipeline' };

/** A file that has every option, each with what it is; those that are seldom changed are comments. */
export function newFile(): string {
  const { mqtt, subscriptions, job_queue, '': project } = sections;
  return [
    '# A configuration of flowerpower-mqtt. Options behind a # have the value that is written there.',
    '',
    'mqtt:',
    ...optionsOf(mqtt, '  ', { broker: 'localhost' }),
    '',
    'subscriptions:',
    ...optionsOf(subscriptions, '    ', SUBSCRIPTION).map((line, index) =>
      index === 1 ? line.replace('    ', '  - ') : line,
    ),
    '',
    'job_queue:',
    ...optionsOf(job_queue, '  ', { enabled: true, store: 'embedded' }),
    '',
    ...optionsOf(project, '', { base_dir: '.' }),
    '',
  ].join('\n');
}

function optionsOf(options: Options, indent: string, explicit: Record<string, FileValue>): string[] {
  return Object.entries<Option>(options).flatMap(([name, option]) => {
    const value = explicit[name] ?? defaultInFile(option);
    const isComment = explicit[name] === undefined;
    const line = `${name}:${value === null ? '' : ` ${JSON.stringify(value)}`}`;
    return [`${indent}# ${option.about}`, `${indent}${isComment ? '#' : ''}${line}`];
  });
}
