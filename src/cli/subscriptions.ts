import { validConfig } from '../config/config-file.ts';
import { table } from './table.ts';
import { DEFAULT_FILE, DONE, fileOf, json, type Verb } from './verb.ts';

export const subscriptions: Verb = {
  words: 'subscriptions',
  operands: '[FILE]',
  about: `what a file subscribes to (default: ${DEFAULT_FILE})`,
  options: { json },
  async run(call) {
    const { subscriptions: all } = await validConfig(fileOf(call));
    if (call.options['json']) call.print(`${JSON.stringify(all, undefined, 2)}\n`);
    else {
      const rows = all.map(({ topic, qos, execution_mode, deserialization_format, pipeline }) =>
        [topic, qos, execution_mode, deserialization_format, pipeline].map(String),
      );
      call.print(table([['TOPIC', 'QOS', 'MODE', 'FORMAT', 'PIPELINE'], ...rows]));
    }
    return DONE;
  },
};
