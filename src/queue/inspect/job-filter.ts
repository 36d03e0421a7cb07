import type { JobState } from '../../base/model.ts';
import { errorPattern } from './error-pattern.ts';

/** Selects jobs of a list. */
export interface JobFilter {
  /** The `key` of a group of errors; only of dead letters. */
  group?: string | undefined;
  /** Text in the ID, pipeline, topic or error, in upper or lower case. At most 200 characters. */
  search?: string | undefined;
}

const LONGEST_SEARCH = 200;

/** Checks a filter, for `throwMistakes`. */
export function filterMistakes({ group, search = '' }: JobFilter, state: string): (true | string)[] {
  return [
    group === undefined || state === ('dead' satisfies JobState) || 'only dead letters have a group',
    group === undefined || typeof group === 'string' || 'group must be the key of a group',
    (typeof search === 'string' && search.length <= LONGEST_SEARCH) ||
      `search must be text of at most ${LONGEST_SEARCH} characters`,
  ];
}

interface Searched {
  id: string;
  name: string;
  topic: string | undefined;
  error: string | undefined;
}

/** Returns what tells whether a job is selected; undefined if all are. */
export function matcherOf({ group, search = '' }: JobFilter): ((job: Searched) => boolean) | undefined {
  if (group === undefined && search === '') return undefined;
  const sought = search.toLowerCase();
  const isFound = (text = '') => text.toLowerCase().includes(sought);
  return ({ id, name, topic, error }) =>
    (group === undefined || errorPattern(error) === group) && [id, name, topic, error].some(isFound);
}
