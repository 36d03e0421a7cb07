import { sections } from './config.ts';

const SECTIONS = ['mqtt', 'subscriptions', 'job_queue'] as const;

const under = {
  mqtt: 'under mqtt:',
  subscriptions: 'in an entry under subscriptions:',
  job_queue: 'under job_queue:',
};

/** Where a key of another place belongs; undefined if no place has such a key. */
export function rightPlace(name: string): string | undefined {
  if (Object.hasOwn(sections[''], name) || isSection(name))
    return 'at the top of the file, without indentation';
  const places = SECTIONS.filter((section) => Object.hasOwn(sections[section], name));
  return places.length === 0 ? undefined : places.map((section) => under[section]).join(' or ');
}

/** Whether a value holds sections of a file. */
export function holdsSections(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).some(isSection);
}

function isSection(name: string): boolean {
  return (SECTIONS as readonly string[]).includes(name);
}
