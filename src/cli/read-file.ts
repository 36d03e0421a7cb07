import { readFile } from 'node:fs/promises';
import { readConfig, type ReadConfig } from '../config/read-config.ts';
import type { Config, Problem } from '../config/config.ts';
import type { Options, Values } from '../options/option.ts';
import { readOptions } from '../options/option.ts';
import { isVariable, variableName } from '../variable.ts';

/** Reads a file with its problems. */
export async function readConfigFile(file: string): Promise<ReadConfig> {
  return readConfig(await textOf(file), (variable) => process.env[variableName(variable) ?? ''] ?? variable);
}

/**
 * The config in a file.
 *
 * @throws Error with the first mistake in it
 */
export async function validConfig(file: string): Promise<Config> {
  const { config, problems } = await readConfigFile(file);
  if (config) return config;
  const [first, ...others] = problems.filter(({ severity }) => severity === 'error');
  const more = others.length > 0 ? ` (and ${others.length} more: fp-mqtt config validate ${file})` : '';
  throw new Error(`${first ? described(file, first) : file}${more}`);
}

/** A problem as compilers write them, so that editors find the place. */
export function described(file: string, { line, column, path, message }: Problem): string {
  return `${file}:${line}:${column}: ${path === '' ? '' : `${path} `}${message}`;
}

/**
 * The values of a section: environment variables have been replaced.
 *
 * @throws OptionsError that lists every mistake
 */
export function valuesOf<O extends Options>(options: O, section: Record<string, unknown>): Values<O> {
  const given = Object.entries(section).map(([name, value]) => [name, valueOf(value) ?? undefined]);
  return readOptions(options, Object.fromEntries(given) as Partial<Values<O>>);
}

function valueOf(value: unknown): unknown {
  if (!isVariable(value)) return value;
  const name = variableName(value) ?? '';
  const found = process.env[name];
  if (found === undefined) throw new Error(`the environment variable ${name} is not set`);
  return found;
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT') throw new Error(message, { cause: error });
    throw new Error(`there is no file ${file}: fp-mqtt config create ${file} makes one`, { cause: error });
  }
}
