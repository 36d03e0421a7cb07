import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { FilterMemory } from './requested-filters.ts';

/** Options of a session's memory. */
interface SessionMemory {
  file: string;
  /** Address and client ID. */
  session: string;
  /** Called with the reason if the file cannot be written. */
  onError: (reason: string) => void;
}

/** Maximum number of sessions; the least recently used are removed. */
const MOST_SESSIONS = 50;
const MOST_FILTERS = 5000;

/** Stores a session's filters in a file, which survives deploys and restarts. */
export function sessionMemory({ file, session, onError }: SessionMemory): FilterMemory {
  return {
    read: () => sessionsIn(file).get(session) ?? [],
    write(filters) {
      const sessions = sessionsIn(file);
      // Move the session to the end of the order.
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

/** Reads the sessions; returns none if the file is missing or invalid. */
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

/** Replaces the file atomically: a reader finds the old or the new content, even after a crash. */
function replaceFile(file: string, content: string): void {
  const temporary = `${file}.new`;
  writeFileSync(temporary, content);
  renameSync(temporary, file);
}
