import { rulesOf, fieldDefaults } from '../rules.ts';
import { validator } from './validator.ts';

/** Returns the `defaults` of a node type: its name and all its properties. `own` adds settings to some properties. */
export function defaults(type: string, own: Record<string, object> = {}): Record<string, object> {
  const fields = Object.entries(fieldDefaults(type)).map(([name, value]) => {
    const more = own[name] ?? {};
    // The editor only validates references to config nodes itself if there is no other validator.
    const check = 'type' in more ? {} : { validate: validator(rulesOf(type)[name], name) };
    return [name, { value, ...check, ...more }] as const;
  });
  return { name: { value: '' }, ...Object.fromEntries(fields) };
}
