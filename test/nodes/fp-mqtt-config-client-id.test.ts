import assert from 'node:assert/strict';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import type { NodeAPI } from 'node-red';
import { clientIdOf } from '../../nodes/fp-mqtt-config/options.ts';
import { machineId } from '../../src/mqtt/machine-id.ts';
import { temporaryDirectory } from '../helpers/servers.ts';

describe('the client ID of a broker connection', () => {
  const nodeRed = (get?: (name: string) => unknown) =>
    ({ settings: { get, userDir: temporaryDirectory('client-id') } }) as unknown as NodeAPI;
  const node = { id: 'b1' };

  it('is the one of the dialog', () => {
    assert.equal(clientIdOf(nodeRed(), node, { client_id: 'gateway' }), 'gateway');
  });

  it('is otherwise different on each Node-RED that has the same flow, and stays', () => {
    const one = nodeRed((name) => (name === 'instanceId' ? 'aa' : undefined));
    const id = clientIdOf(one, node, { client_id: '' });
    assert.match(id, /^node-red-aa-[0-9a-f]{8}-b1$/);
    assert.equal(clientIdOf(one, node, { client_id: '' }), id);
    const other = nodeRed((name) => (name === 'instanceId' ? 'aa' : undefined));
    assert.notEqual(clientIdOf(other, node, { client_id: '' }), id);
  });

  it('is that of node and machine where Node-RED keeps no settings', () => {
    const without = nodeRed(() => {
      throw new Error('settings not available');
    });
    assert.match(clientIdOf(without, node, { client_id: '' }), /^node-red-[0-9a-f]{8}-b1$/);
  });
});

describe('the name of a machine', () => {
  const file = () => join(temporaryDirectory('machine'), 'machine.json');
  const copyOf = (original: string) => {
    const copy = file();
    cpSync(original, copy);
    return copy;
  };

  it('is another one on a machine whose disk is a copy', () => {
    const original = file();
    const id = machineId(original, ['serial-1', 'b8:27:eb:00:00:01']);
    const copy = copyOf(original);
    const copied = machineId(copy, ['serial-2', 'b8:27:eb:00:00:02']);
    assert.notEqual(copied, id);
    assert.equal(machineId(copy, ['serial-2', 'b8:27:eb:00:00:02']), copied);
    assert.equal(machineId(original, ['serial-1', 'b8:27:eb:00:00:01']), id);
  });

  it('stays when a part of the hardware is another one, and where none is known', () => {
    const kept = file();
    const id = machineId(kept, ['serial-1', 'b8:27:eb:00:00:01']);
    for (const marks of [
      ['serial-1'],
      ['serial-1', '00:e0:4c:00:00:03'],
      ['00:e0:4c:00:00:03'],
      [],
      ['00:e0:4c:00:00:03'],
    ])
      assert.equal(machineId(kept, marks), id, marks.join());
  });

  it('is made anew where the file is no such file', () => {
    assert.match(machineId(temporaryDirectory('machine'), []), /^[0-9a-f]{8}$/);
  });
});
