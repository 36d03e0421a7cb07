import assert from 'node:assert/strict';
import { OptionsError } from '../../src/errors.ts';

/** The mistakes that `check` throws an OptionsError for; none if it throws nothing. */
export function mistakesOf(check: () => unknown): readonly string[] {
  try {
    check();
  } catch (error) {
    assert.ok(error instanceof OptionsError, String(error));
    return error.mistakes;
  }
  return [];
}
