import { readFile } from 'node:fs/promises';
import { OptionsError } from '../base/errors.ts';
import { readOptions, type Options, type Values } from '../options/option.ts';
import { isVariable, variableName } from '../base/variable.ts';
import { sections, type Config, type Problem } from './config.ts';
import { readConfig, type ReadConfig } from './read-config.ts';

export type MqttValues = Values<typeof sections.mqtt>;
export type SubscriptionValues = Values<typeof sections.subscriptions>;
export type QueueValues = Values<typeof sections.job_queue>;
export type ProjectValues = Values<(typeof sections)['']>;

/** Reads a file with its problems. */
export async function readConfigFile(file: string): Promise<ReadConfig> {
  return readConfig(await textOf(file), (variable) => process.env[variableName(variable) ?? ''] ?? variable);
}

/**
 * The config in a file.
 *
 * @throws OptionsError with the first mistake in it
 */
export async function validConfig(file: string): Promise<Config> {
  const { config, problems } = await readConfigFile(file);
  if (config) return config;
  const [first, ...others] = problems.filter(({ severity }) => severity === 'error');
  const more = others.length > 0 ? ` (and ${others.length} more: fp-mqtt config validate ${file})` : '';
  throw new OptionsError([`${first ? described(file, first) : file}${more}`]);
}

/**
 * The values of a config, a section at a time: environment variables have been replaced, and every value is checked. Who runs
 * jobs needs no login of the broker.
 *
 * @throws OptionsError that lists every mistake
 */
export const valuesIn = {
  mqtt: ({ mqtt }: Config): MqttValues => valuesOf(sections.mqtt, mqtt),
  subscriptions: ({ subscriptions }: Config): SubscriptionValues[] =>
    subscriptions.map((one) => valuesOf(sections.subscriptions, one)),
  job_queue: ({ job_queue }: Config): QueueValues => valuesOf(sections.job_queue, job_queue),
  project: ({ mqtt: _mqtt, subscriptions: _subscriptions, job_queue: _queue, ...project }: Config) =>
    valuesOf(sections[''], project),
};

/** A problem as compilers write them, so that editors find the place. */
export function described(file: string, { line, column, path, message }: Problem): string {
  return `${file}:${line}:${column}: ${path === '' ? '' : `${path} `}${message}`;
}

function valuesOf<O extends Options>(options: O, section: Record<string, unknown>): Values<O> {
  const given = Object.entries(section).map(([name, value]) => [name, valueOf(value) ?? undefined]);
  return readOptions(options, Object.fromEntries(given) as Partial<Values<O>>);
}

function valueOf(value: unknown): unknown {
  if (!isVariable(value)) return value;
  const name = variableName(value) ?? '';
  const found = process.env[name];
  if (found === undefined) throw new OptionsError([`the environment variable ${name} is not set`]);
  return found;
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT') throw new OptionsError([message]);
    throw new OptionsError([`there is no file ${file}: fp-mqtt config create ${file} makes one`]);
  }
}
