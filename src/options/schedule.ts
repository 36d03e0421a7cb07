/** Rules of a schedule's cron pattern and time zone, for the dialog and the runtime. */

/** Fields of a pattern with five fields, and their bounds; a pattern with six begins with seconds. */
const FIELDS = [
  ['minute', 0, 59],
  ['hour', 0, 23],
  ['day of month', 1, 31],
  ['month', 1, 12],
  ['day of week', 0, 7],
] as const;

/** Characters of a field, including the names of months and days, `L` (last) and `#` (the n-th day of week). */
const FIELD = /^[\dA-Z*?,\-/#]+$/i;

/**
 * Describes the mistake in a cron pattern; undefined if there is none. The library that computes the times knows more, and
 * checks the pattern again at the start.
 */
export function patternMistake(pattern: string): string | undefined {
  const fields = pattern.trim().split(/\s+/);
  if (fields.length < 5 || fields.length > 6)
    return `must have 5 or 6 fields, such as "0 2 * * *", found "${pattern}"`;
  const named = fields.length === 6 ? ([['second', 0, 59], ...FIELDS] as const) : FIELDS;
  for (const [index, [name, least, most]] of named.entries()) {
    const field = fields[index] ?? '';
    const isOutside = numbersIn(field).some((number) => number < least || number > most);
    if (!FIELD.test(field) || isOutside) return `has an invalid ${name}: "${field}" (${least} to ${most})`;
  }
  return undefined;
}

/** The numbers of a field, without steps (after `/`) and the n of `#`. */
function numbersIn(field: string): number[] {
  return (field.replaceAll(/[/#]\d+/g, '').match(/\d+/g) ?? []).map(Number);
}

/** Describes the mistake in a time zone such as `Europe/Berlin`; undefined if there is none. Empty: that of the machine. */
export function timeZoneMistake(zone: string): string | undefined {
  if (zone === '') return undefined;
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone }).format();
    return undefined;
  } catch {
    return `must be a time zone such as Europe/Berlin or UTC, found "${zone}"`;
  }
}
