import { access, writeFile } from 'node:fs/promises';
import type { Config } from '../../config/config.ts';
import { described, readConfigFile, validConfig } from '../../config/config-file.ts';
import { DEFAULT_FILE, DONE, FAILED, fileOf, json, UsageError, type Verb } from '../verb.ts';
import { effective } from './effective.ts';
import { newFile } from './new-file.ts';

const create: Verb = {
  words: 'config create',
  operands: '[FILE]',
  about: `write a file with every option and what it is (default: ${DEFAULT_FILE}; - prints it)`,
  options: {},
  async run(call) {
    const file = fileOf(call);
    if (file === '-') call.print(newFile());
    else {
      const isThere = await access(file).then(
        () => true,
        () => false,
      );
      if (isThere) throw new UsageError(`${file} is there already: choose another name, or remove it`);
      await writeFile(file, newFile());
      call.print(`${file} is written: name your broker, topics and pipelines in it\n`);
    }
    return DONE;
  },
};

const validate: Verb = {
  words: 'config validate',
  operands: '[FILE]',
  about: 'list every mistake with its line and column; exit code 1 if there is one',
  options: { json },
  async run(call) {
    const file = fileOf(call);
    const { config, problems } = await readConfigFile(file);
    if (call.options['json']) call.print(`${JSON.stringify(problems, undefined, 2)}\n`);
    else {
      for (const problem of problems) call.print(`${described(file, problem)} (${problem.severity})\n`);
      if (config) call.print(`${file} is valid: ${contentOf(config)}\n`);
    }
    return config ? DONE : FAILED;
  },
};

const show: Verb = {
  words: 'config show',
  operands: '[FILE]',
  about: 'the values that count: defaults and environment variables filled in, secrets hidden',
  options: { json },
  async run(call) {
    const config = await validConfig(fileOf(call));
    call.print(effective(config, call.options['json'] === true));
    return DONE;
  },
};

function contentOf({ subscriptions, job_queue: { store, queue_name } }: Config): string {
  const count = subscriptions.length === 1 ? '1 subscription' : `${subscriptions.length} subscriptions`;
  return `${count}, queue ${queue_name} (${store})`;
}

export const configVerbs: Verb[] = [create, validate, show];
