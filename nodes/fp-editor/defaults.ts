import { fieldDefaults } from '../field-defaults.ts';
import { rulesOf } from '../rules.ts';
import { validator } from './validator.ts';

/** The `defaults` of a node type: a field for its name and for each of its properties; `own` says more of some. */
export function defaults(type: string, own: Record<string, object> = {}): Record<string, object> {
  const fields = Object.entries(fieldDefaults(type)).map(([name, value]) => {
    const more = own[name] ?? {};
    // The editor itself checks a reference to a config node, if nobody else does.
    const check = 'type' in more ? {} : { validate: validator(rulesOf(type)[name], name) };
    return [name, { value, ...check, ...more }] as const;
  });
  return { name: { value: '' }, ...Object.fromEntries(fields) };
}
