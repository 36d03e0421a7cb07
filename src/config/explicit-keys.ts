import type { Options } from '../options/option.ts';
import { sections } from './config.ts';

/** The keys that a file sets, by section; the other keys have their defaults. */
export interface ExplicitKeys {
  mqtt: string[];
  /** In the order of the file. */
  subscriptions: string[][];
  job_queue: string[];
  project: string[];
}

/** Finds the keys that a valid file sets. A default that depends on other keys counts as set. */
export function explicitKeys(file: Record<string, unknown>): ExplicitKeys {
  const subscriptions = (file['subscriptions'] ?? []) as unknown[];
  return {
    mqtt: explicitIn(sections.mqtt, file['mqtt']),
    subscriptions: subscriptions.map((one) => explicitIn(sections.subscriptions, one)),
    job_queue: explicitIn(sections.job_queue, file['job_queue']),
    project: explicitIn(sections[''], file),
  };
}

function explicitIn(options: Options, section: unknown): string[] {
  const names = Object.entries(options).filter(
    ([name, { inFileFor }]) => inFileFor !== undefined || Object.hasOwn(Object(section) as object, name),
  );
  return names.map(([name]) => name);
}
