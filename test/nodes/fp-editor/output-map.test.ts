import assert from 'node:assert/strict';
import { outputMap } from '../../../nodes/fp-editor/output-map.ts';
import { outputsFor, outputsOf } from '../../../nodes/fp-subscribe/outputs.ts';

describe('the outputs of fp-subscribe', () => {
  const changes = [
    { from: 'mixed', to: 'async', map: { 0: -1, 1: 0 } },
    { from: 'mixed', to: 'sync', map: { 0: 0, 1: -1 } },
    { from: 'async', to: 'mixed', map: { 0: 1, sync: 0 } },
    { from: 'sync', to: 'mixed', map: { 0: 0, async: 1 } },
    { from: 'async', to: 'sync', map: undefined },
    { from: 'mixed', to: 'mixed', map: undefined },
  ];
  for (const { from, to, map } of changes) {
    const what = map ? 'move with their wires' : 'keep their wires';
    it(`${what} when the mode changes from ${from} to ${to}`, () => {
      assert.deepEqual(outputMap(outputsFor(from), outputsFor(to)), map);
    });
  }

  it('are two when an environment variable gives the mode', () => {
    assert.deepEqual(outputsFor('${MODE}'), ['sync', 'async']);
  });

  it('mean "run now" and "enqueue" when there are two, whatever the mode is', () => {
    assert.deepEqual(outputsOf({ outputs: 2, execution_mode: 'async' }), ['sync', 'async']);
    assert.deepEqual(outputsOf({ outputs: '1', execution_mode: 'async' }), ['async']);
    assert.deepEqual(outputsOf({}), ['async']);
  });
});
