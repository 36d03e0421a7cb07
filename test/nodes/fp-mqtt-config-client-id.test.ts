import assert from 'node:assert/strict';
import type { NodeAPI } from 'node-red';
import { clientIdOf } from '../../nodes/fp-mqtt-config/client-id.ts';

describe('the client ID of a broker connection', () => {
  const nodeRed = (get?: (name: string) => unknown) => ({ settings: { get } }) as unknown as NodeAPI;
  const node = { id: 'b1' };

  it('is the one of the dialog', () => {
    assert.equal(clientIdOf(nodeRed(), node, { client_id: 'gateway' }), 'gateway');
  });

  it('is otherwise different on each Node-RED that has the same flow', () => {
    const [one, other] = ['aa', 'bb'].map((id) =>
      nodeRed((name) => (name === 'instanceId' ? id : undefined)),
    );
    assert.equal(clientIdOf(one as NodeAPI, node, { client_id: '' }), 'node-red-aa-b1');
    assert.equal(clientIdOf(other as NodeAPI, node, { client_id: '' }), 'node-red-bb-b1');
  });

  it('is that of the node where Node-RED keeps no settings', () => {
    const without = nodeRed(() => {
      throw new Error('settings not available');
    });
    assert.equal(clientIdOf(without, node, { client_id: '' }), 'node-red-b1');
    assert.equal(clientIdOf(nodeRed(), node, { client_id: '' }), 'node-red-b1');
  });
});
