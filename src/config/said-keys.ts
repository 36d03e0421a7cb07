import type { Options } from '../options/option.ts';
import { sections } from './config.ts';

/** The keys that a file says something of, in each section; the others have their defaults. */
export interface SaidKeys {
  mqtt: string[];
  /** In the order of the file. */
  subscriptions: string[][];
  job_queue: string[];
  project: string[];
}

/** Finds the keys in a file without mistakes. A default that depends on other keys counts as said. */
export function saidKeys(file: Record<string, unknown>): SaidKeys {
  const subscriptions = (file['subscriptions'] ?? []) as unknown[];
  return {
    mqtt: saidOf(sections.mqtt, file['mqtt']),
    subscriptions: subscriptions.map((one) => saidOf(sections.subscriptions, one)),
    job_queue: saidOf(sections.job_queue, file['job_queue']),
    project: saidOf(sections[''], file),
  };
}

function saidOf(options: Options, section: unknown): string[] {
  const names = Object.entries(options).filter(
    ([name, { inFileFor }]) => inFileFor !== undefined || Object.hasOwn(Object(section) as object, name),
  );
  return names.map(([name]) => name);
}
