import assert from 'node:assert/strict';
import type { NodeStatus } from 'node-red';
import { connectionStatus, counted, StatusLine } from '../../nodes/status.ts';
import { until } from '../helpers/until.ts';

describe('status line', () => {
  it('shows the first status at once and then the newest one, once a second', async () => {
    const shown: NodeStatus[] = [];
    const line = new StatusLine((status) => shown.push(status));
    for (const text of ['1', '2', '3']) line.show({ text });
    assert.deepEqual(shown, [{ text: '1' }]);
    await until('the newest is shown', () => shown.length === 2);
    assert.deepEqual(shown[1], { text: '3' });
    line.close();
  });

  it('shows nothing after it was closed', () => {
    const shown: NodeStatus[] = [];
    const line = new StatusLine((status) => shown.push(status));
    line.close();
    line.show({ text: 'late' });
    assert.deepEqual(shown, []);
  });

  it('cuts a long text', () => {
    const shown: NodeStatus[] = [];
    const line = new StatusLine((status) => shown.push(status));
    line.show({ text: 'x'.repeat(500) });
    assert.ok((shown[0]?.text ?? '').length <= 60);
    line.close();
  });

  it('counts one thing and several', () => {
    assert.equal(counted(1, 'dead letter'), '1 dead letter');
    assert.equal(counted(0, 'dead letter'), '0 dead letters');
  });

  it('is yellow for what mends itself and red for what needs a person', () => {
    assert.equal(connectionStatus({ state: 'waiting', reason: 'refused' }).fill, 'yellow');
    assert.equal(connectionStatus({ state: 'failed', reason: 'wrong password' }).fill, 'red');
    assert.equal(connectionStatus({ state: 'failed', reason: 'wrong password' }).text, 'wrong password');
  });
});
