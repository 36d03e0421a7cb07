import { defaultOf } from '../src/options/rule.ts';
import { rulesOf } from './rules.ts';

/** Returns the field values of a new node by property: booleans, and text for all other types. */
export function fieldDefaults(type: string): Record<string, string | boolean> {
  return Object.fromEntries(
    Object.entries(rulesOf(type)).map(([name, rule]) => [name, field(defaultOf(rule))]),
  );
}

function field(value: unknown): string | boolean {
  return typeof value === 'boolean' ? value : `${(value as string | number | undefined) ?? ''}`;
}
