import { defaultOf } from '../src/options/rule.ts';
import { rulesOf } from './rules.ts';

/** What the fields of a new node hold, by property: flags as they are, all else as text. */
export function fieldDefaults(type: string): Record<string, string | boolean> {
  return Object.fromEntries(
    Object.entries(rulesOf(type)).map(([name, rule]) => [name, field(defaultOf(rule))]),
  );
}

function field(value: unknown): string | boolean {
  return typeof value === 'boolean' ? value : `${(value as string | number | undefined) ?? ''}`;
}
