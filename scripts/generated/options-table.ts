/** The table of keys in docs/yaml.md. */
import { sections } from '../../src/config/config.ts';
import { defaultInFile, type Option } from '../../src/options/option.ts';

/** Prefixes of the keys in the table. */
const titles = { mqtt: 'mqtt.', subscriptions: 'subscriptions[].', job_queue: 'job_queue.', '': '' };

/** Replaces the table in the page by one generated from the options. */
export function withOptionsTable(page: string): string {
  const lines = page.split('\n');
  const from = lines.findIndex((line) => line.startsWith('| key '));
  const length = lines.slice(from).findIndex((line) => !line.startsWith('|'));
  return lines.toSpliced(from, length, ...table()).join('\n');
}

function table(): string[] {
  const rows = Object.entries(sections).flatMap(([section, options]) =>
    Object.entries<Option>(options).map(([name, option]) => {
      const path = `\`${titles[section as keyof typeof titles]}${name}\`${option.ours ? ' *' : ''}`;
      return [path, defaultText(option), option.about];
    }),
  );
  return aligned([['key', 'default', 'what it is'], ...rows]);
}

function defaultText(option: Option): string {
  if (option.required) return 'required';
  const value = defaultInFile(option);
  return value === null ? '' : `\`${String(value)}\``;
}

/** Aligns a table like Prettier. */
function aligned([head = [], ...rows]: string[][]): string[] {
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => row[column]?.length ?? 0)));
  const line = (row: string[]) => `| ${row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)];
}
