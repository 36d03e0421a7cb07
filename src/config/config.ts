import { jobQueue } from '../options/job-queue.ts';
import { mqtt } from '../options/mqtt.ts';
import { defaultInFile, type FileValue, type Options, type Values } from '../options/option.ts';
import { project } from '../options/project.ts';
import { subscription } from '../options/subscription.ts';

/** The sections of a file and their options; the project's options are at the top level. */
export const sections = { mqtt, subscriptions: subscription, job_queue: jobQueue, '': project };

export type SectionName = keyof typeof sections;

/** A section with every option. A value may be the text `${NAME}`, an environment variable. */
export type Section<O extends Options> = {
  [K in keyof O]: Exclude<Values<O>[K], undefined> | string | null;
};

/** A whole `mqtt_config.yml` with all defaults filled in. */
export interface Config extends Section<typeof project> {
  mqtt: Section<typeof mqtt>;
  subscriptions: Section<typeof subscription>[];
  job_queue: Section<typeof jobQueue>;
}

/** Fills in the defaults of a section. */
export function withDefaults<O extends Options>(explicit: Record<string, FileValue>, options: O): Section<O> {
  const entries = Object.entries(options).map(([name, option]) => {
    return [name, explicit[name] ?? defaultInFile(option, explicit)] as const;
  });
  return Object.fromEntries(entries) as Section<O>;
}

/** A mistake or an oddity in a file. */
export interface Problem {
  /** A file with an error cannot be imported. */
  severity: 'error' | 'warning';
  /** For instance `subscriptions[2].qos`; empty for the whole file. */
  path: string;
  /** From 1. */
  line: number;
  /** From 1. */
  column: number;
  /** What is wrong and what to do. */
  message: string;
}
