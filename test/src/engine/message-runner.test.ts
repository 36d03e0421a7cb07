import assert from 'node:assert/strict';
import { executionMode } from '../../../src/engine/message-runner.ts';

describe('execution mode', () => {
  it('sync and async hold for every QoS', () => {
    for (const qos of [0, 1, 2] as const) {
      assert.equal(executionMode('sync', qos), 'sync');
      assert.equal(executionMode('async', qos), 'async');
    }
  });

  it('mixed runs QoS 2 as sync, QoS 0 and 1 as async', () => {
    const modes = ([0, 1, 2] as const).map((qos) => executionMode('mixed', qos));
    assert.deepEqual(modes, ['async', 'async', 'sync']);
  });
});
