/** What one key holds; a text `${NAME}` stands for an environment variable, wherever it is. */
export type Value = string | number | boolean | null;

/** The keys of a section, every known one. */
export type Section = Record<string, Value>;

/** A whole `mqtt_config.yml`, with the defaults where the file says nothing. */
export interface Config {
  mqtt: Section;
  subscriptions: Section[];
  job_queue: Section;
  base_dir: Value;
  log_level: Value;
}

/** What is wrong or odd at one place of a file. */
export interface Problem {
  /** A file with an error cannot be imported. */
  severity: 'error' | 'warning';
  /** For instance `subscriptions[2].qos`; empty for the file as a whole. */
  path: string;
  /** From 1. */
  line: number;
  /** From 1. */
  column: number;
  /** What is wrong, and what would be right. */
  message: string;
}

/** Says what a value "must be", or nothing if it is right; of a variable, what the value that it holds must be. */
export type CheckValue = (section: string, key: string, value: Value) => string | undefined;
