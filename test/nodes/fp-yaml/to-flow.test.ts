import assert from 'node:assert/strict';
import { toFlow } from '../../../nodes/fp-yaml/to-flow.ts';
import { valid } from '../../helpers/config.ts';

/** Returns the wires of the nodes of a type, as names or types of nodes. */
function wiresOf(type: string, text: string): string[][][] {
  const nodes = toFlow(valid(text), 'plant');
  const nameOf = (id: string) => nodes.filter((node) => node.id === id).map((node) => node.name || node.type);
  const ofType = nodes.filter((node) => node.type === type);
  for (const { outputs, wires } of ofType) if (outputs !== undefined) assert.equal(outputs, wires?.length);
  return ofType.map(({ wires = [] }) => wires.map((ids) => ids.flatMap(nameOf)));
}

describe('the flow of a file', () => {
  for (const [mode, wires] of [
    ['sync', [['run now']]],
    ['async', [['fp-enqueue']]],
    ['mixed', [['run now'], ['fp-enqueue']]],
    ['${MODE}', [['run now'], ['fp-enqueue']]],
  ] as const) {
    it(`wires a subscription by its mode ${mode}`, () => {
      const text = `subscriptions: [{topic: "a", pipeline: "p", execution_mode: "${mode}"}]`;
      assert.deepEqual(wiresOf('fp-subscribe', text), [wires]);
    });
  }

  it('runs the messages of a queue that is switched off', () => {
    assert.deepEqual(wiresOf('fp-enqueue', 'job_queue: {enabled: false}'), [[[], ['run now']]]);
  });
});
