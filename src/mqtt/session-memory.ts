import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { FilterMemory } from './requested-filters.ts';

/** Which session, and where all of them are kept. */
interface SessionMemory {
  file: string;
  /** Address and client id. */
  session: string;
  /** Hears why the file could not be written. */
  onError: (reason: string) => void;
}

/** Sessions that nobody has used for long are forgotten first. */
const MOST_SESSIONS = 50;
const MOST_FILTERS = 5000;

/** Keeps a session's filters in a small file, which outlives a deploy and a restart. */
export function sessionMemory({ file, session, onError }: SessionMemory): FilterMemory {
  return {
    read: () => sessionsIn(file).get(session) ?? [],
    write(filters) {
      const sessions = sessionsIn(file);
      // The newest stands last.
      sessions.delete(session);
      if (filters.length > 0) sessions.set(session, filters.slice(0, MOST_FILTERS));
      const kept = [...sessions].slice(-MOST_SESSIONS);
      try {
        replaceFile(file, `${JSON.stringify(Object.fromEntries(kept), undefined, 1)}\n`);
      } catch (error) {
        onError((error as Error).message);
      }
    },
  };
}

/** A file that is missing or is no list of sessions has none. */
function sessionsIn(file: string): Map<string, string[]> {
  try {
    const content: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return new Map(Object.entries(Object(content) as object).filter(isSession));
  } catch {
    return new Map();
  }
}

function isSession(entry: [string, unknown]): entry is [string, string[]] {
  const [, filters] = entry;
  return Array.isArray(filters) && filters.every((filter) => typeof filter === 'string');
}

/** Whoever reads meanwhile, or after a crash, finds the old content or the new one. */
function replaceFile(file: string, content: string): void {
  const written = `${file}.new`;
  writeFileSync(written, content);
  renameSync(written, file);
}
