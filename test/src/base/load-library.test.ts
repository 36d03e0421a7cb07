import assert from 'node:assert/strict';
import type Path from 'node:path';
import { GiveUpError } from '../../../src/base/errors.ts';
import { findLibrary, loadLibrary } from '../../../src/base/load-library.ts';

describe('an optional package', () => {
  it('that is missing causes an error that says how to install it', () => {
    const says = (error: unknown) => {
      assert.ok(error instanceof GiveUpError);
      assert.equal(
        error.message,
        'the package no-such-package is missing: run `npm install no-such-package` in the Node-RED user directory, then restart Node-RED',
      );
      return true;
    };
    assert.throws(() => findLibrary('no-such-package'), says);
    assert.throws(() => loadLibrary('no-such-package'), says);
  });

  it('that is installed is loaded', () => {
    findLibrary('node:path');
    assert.equal(loadLibrary<typeof Path>('node:path').basename('/a/b'), 'b');
  });
});
