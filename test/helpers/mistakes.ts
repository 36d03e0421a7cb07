import assert from 'node:assert/strict';
import { OptionsError } from '../../src/base/errors.ts';

/** Returns the mistakes of the OptionsError that `check` throws; none if it does not throw. */
export function mistakesOf(check: () => unknown): readonly string[] {
  try {
    check();
  } catch (error) {
    assert.ok(error instanceof OptionsError, String(error));
    return error.mistakes;
  }
  return [];
}
