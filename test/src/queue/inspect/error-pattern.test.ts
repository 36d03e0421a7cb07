import assert from 'node:assert/strict';
import { errorPattern } from '../../../../src/queue/inspect/error-pattern.ts';

describe('the pattern of an error', () => {
  const cases: [string, string][] = [
    ['connect ECONNREFUSED 127.0.0.1:6379', 'connect ECONNREFUSED #'],
    [
      "Cannot read properties of undefined (reading 'price')",
      "Cannot read properties of undefined (reading '…')",
    ],
    ["can't open it, don't try again", "can't open it, don't try again"],
    ['order 3f2a91b0-1c2d-7e3f-8a9b-0c1d2e3f4a5b is gone', 'order # is gone'],
    ['at 0x7ffe12 in 1,234.5 ms', 'at # in # ms'],
    ['token eyJhbGciOi1JIUzI1NiJ9 expired', 'token # expired'],
    ['no "x" in `y`', 'no "…" in `…`'],
    ['first 1\nsecond 2', 'first #'],
    ['', ''],
  ];
  for (const [error, pattern] of cases) {
    it(`is ${pattern || 'empty'} for ${error || 'none'}`, () => assert.equal(errorPattern(error), pattern));
  }

  it('is the same whether the error was cut or not', () => {
    const error = `${'é'.repeat(190)} 123456789 ${'x'.repeat(100)}`;
    assert.equal(errorPattern(error), errorPattern(error.slice(0, 200)));
  });
});
