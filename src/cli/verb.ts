/** Where a verb writes. */
export interface Output {
  /** What was asked for. */
  print: (text: string) => void;
  /** What a person has to know beside it. */
  warn: (text: string) => void;
  /** Whether a person looks at what is printed; otherwise it goes into a pipe or a file. */
  isTerminal: boolean;
}

/** How a verb was called. */
export interface Call extends Output {
  /** What stands after the verb, without the options. */
  operands: string[];
  options: Record<string, string | boolean | undefined>;
}

/** One verb of the command. */
export interface Verb {
  /** Its words, as they are typed: `config validate`. */
  words: string;
  /** Its operands, as the help writes them. */
  operands: string;
  /** One line of help. */
  about: string;
  options: Record<string, VerbOption>;
  /** Resolves to the exit code; rejects with what went wrong, which is told in one line. */
  run: (call: Call) => Promise<number>;
}

/** An option of a verb, and its line of help. */
export interface VerbOption {
  type: 'string' | 'boolean';
  about: string;
  /** One letter that stands for the option. */
  short?: string;
  /** Stands for the value, in the help. */
  value?: string;
}

/** The command was called wrongly. */
export class UsageError extends Error {
  override name = 'UsageError';
}

/** Exit codes (https://tldp.org/LDP/abs/html/exitcodes.html). */
export const DONE = 0;
export const FAILED = 1;
export const MISUSED = 2;

export const json: VerbOption = { type: 'boolean', about: 'print JSON' };

export const DEFAULT_FILE = 'mqtt_config.yml';

/** The file that a verb is about. */
export function fileOf({ operands }: Call): string {
  if (operands.length > 1) throw new UsageError(`one file at a time, found ${operands.join(' ')}`);
  return operands[0] ?? DEFAULT_FILE;
}
