import assert from 'node:assert/strict';
import { checkNodeRed } from '../../../nodes/settlement/check-node-red.ts';
import type { RuntimeNode } from '../../../nodes/settlement/runtime-node.ts';

describe('a Node-RED whose nodes are other than this package knows them', () => {
  const known = {
    _expectedDoneCount: 0,
    _inputCallback: null,
    _inputCallbacks: null,
    _flow: { getNode: () => undefined },
    close: async () => undefined,
  };

  it('is refused with its version, and with what is missing', () => {
    checkNodeRed(known as unknown as RuntimeNode, '5.0.7');
    const { _expectedDoneCount: _count, _flow, ...others } = known;
    assert.throws(
      () => checkNodeRed(others as unknown as RuntimeNode, '9.1.0'),
      /Node-RED 9\.1\.0 has no _expectedDoneCount, _flow in its nodes/,
    );
  });
});
