import { table } from './table.ts';
import type { Verb } from './verb.ts';

/** What the command can do. */
export function help(verbs: Verb[]): string {
  const rows = verbs.map(({ words, operands, about }) => [`  ${words} ${operands}`, about]);
  return `Usage: fp-mqtt VERB [OPTIONS]\n\n${table(rows)}\nfp-mqtt VERB --help tells its options.\n`;
}

/** What one verb does. */
export function helpOf({ words, operands, about, options }: Verb): string {
  const rows = Object.entries(options).map(([name, { about: line, value, short }]) => [
    `  ${short ? `-${short}, ` : ''}--${name}${value ? ` ${value}` : ''}`,
    line,
  ]);
  return `Usage: fp-mqtt ${words} ${operands}\n\n${about}\n\n${table(rows)}`;
}
