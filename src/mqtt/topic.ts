/** Topic filters, MQTT 5.0 section 4.7. The editor uses this file, too, so it imports nothing. */

/** Maximum size of a string in MQTT (MQTT 5.0 section 1.5.4). */
const MAXIMUM_BYTES = 65_535;

/** Describes the mistake in a topic filter, which may start with `$share/<name>/`; undefined if the filter is valid. */
export function filterMistake(filter: string): string | undefined {
  if (typeof filter !== 'string') return 'is not a text';
  if (filter === '') return 'is empty; # subscribes to everything';
  if (filter.includes('\0')) return 'contains a null character';
  if (/\p{Surrogate}/u.test(filter)) return 'contains half a character (a lone surrogate)';
  if (new TextEncoder().encode(filter).length > MAXIMUM_BYTES) return `is longer than ${MAXIMUM_BYTES} bytes`;
  return shareMistake(filter) ?? wildcardMistake(withoutShare(filter));
}

/** MQTT 5.0 section 4.8.2. */
function shareMistake(filter: string): string | undefined {
  if (!isShared(filter)) return undefined;
  const [, name = '', ...rest] = filter.split('/');
  if (name === '' || /[+#]/.test(name)) return 'needs a name without + or # after $share/';
  if (rest.join('/') === '') return `needs a topic filter after $share/${name}/`;
  return undefined;
}

/** MQTT 5.0 section 4.7.1. */
function wildcardMistake(filter: string): string | undefined {
  const levels = filter.split('/');
  const end = levels.length - 1;
  if (levels.some((level, i) => level.includes('#') && (level !== '#' || i < end)))
    return 'may have # only as its last level, as in a/b/#';
  if (levels.some((level) => level.includes('+') && level !== '+'))
    return 'may have + only as a whole level, as in a/+/b';
  return undefined;
}

/** Returns a function that tells whether the filter matches a topic. Ignores the `$share/<name>/` of a shared subscription. */
export function matcher(filter: string): (topic: string) => boolean {
  const own = withoutShare(filter);
  if (!/[+#]/.test(own)) return (topic) => topic === own;
  const levels = own.split('/');
  const startsWild = isWildcard(levels[0]);
  // MQTT 5.0 section 4.7.2: a leading wildcard does not match the broker's own topics, such as $SYS/uptime.
  return (topic) => !(startsWild && topic.startsWith('$')) && levelsMatch(levels, topic.split('/'));
}

function levelsMatch(filter: string[], topic: string[]): boolean {
  for (let i = 0; i < filter.length; i++) {
    // "a/#" also matches "a", so check for # before the end of the topic.
    if (filter[i] === '#') return true;
    if (i >= topic.length || (filter[i] !== '+' && filter[i] !== topic[i])) return false;
  }
  return filter.length === topic.length;
}

/** Tells whether a topic could match both filters. Shared subscriptions overlap with no other filter. */
export function overlaps(one: string, other: string): boolean {
  if (one === other) return true;
  if (isShared(one) || isShared(other)) return false;
  const [a, b] = [one.split('/'), other.split('/')];
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    if (a[i] === '#' || b[i] === '#') return true;
    if (a[i] === undefined || b[i] === undefined) return false;
    if (a[i] !== b[i] && a[i] !== '+' && b[i] !== '+') return false;
  }
  return true;
}

function isShared(filter: string): boolean {
  return filter === '$share' || filter.startsWith('$share/');
}

function withoutShare(filter: string): string {
  return isShared(filter) ? filter.split('/').slice(2).join('/') : filter;
}

function isWildcard(level: string | undefined): boolean {
  return level === '+' || level === '#';
}
