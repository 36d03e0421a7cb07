import type { Problem } from './config.ts';

const MOST_SHOWN = 100;

/** A place in a file, counted from 1. */
export interface Place {
  line: number;
  column: number;
}

/** A problem whose place and message are only computed if it is shown, because a file can have very many. */
export interface Finding {
  severity: Problem['severity'];
  path: string;
  place: () => Place;
  message: () => string;
}

/**
 * Returns at most 100 problems in the order of the file, and the number of further ones. Errors take precedence over
 * warnings.
 */
export function problemsOf(findings: Finding[]): Problem[] {
  const sorted = findings.toSorted((a, b) => Number(isWarning(a)) - Number(isWarning(b)));
  const shown = sorted.slice(0, MOST_SHOWN).map(problem);
  shown.sort((a, b) => a.line - b.line || a.column - b.column);
  const [next, last] = [sorted[MOST_SHOWN], shown.at(-1)];
  if (!next || !last) return shown;
  const message = `and ${sorted.length - MOST_SHOWN} more problems`;
  return [...shown, { ...last, severity: next.severity, path: '', message }];
}

function isWarning({ severity }: Finding): boolean {
  return severity === 'warning';
}

function problem({ severity, path, place, message }: Finding): Problem {
  return { severity, path, ...place(), message: message() };
}
