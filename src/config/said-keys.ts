import { jobQueue, mqtt, project, subscription, type Keys } from './schema.ts';

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
    mqtt: saidOf(mqtt, file['mqtt']),
    subscriptions: subscriptions.map((one) => saidOf(subscription, one)),
    job_queue: saidOf(jobQueue, file['job_queue']),
    project: saidOf(project, file),
  };
}

function saidOf(keys: Keys, section: unknown): string[] {
  const names = Object.entries(keys).filter(
    ([name, { defaultFor }]) => defaultFor !== undefined || Object.hasOwn(Object(section) as object, name),
  );
  return names.map(([name]) => name);
}
