import { OptionsError } from './errors.ts';

/** Throws an OptionsError with every check that is not `true`. */
export function throwMistakes(checks: (true | string)[]): void {
  const mistakes = checks.filter((check) => check !== true);
  if (mistakes.length > 0) throw new OptionsError(mistakes);
}

export function isWhole(value: unknown, least: number, most = Number.MAX_SAFE_INTEGER): value is number {
  return Number.isInteger(value) && (value as number) >= least && (value as number) <= most;
}
