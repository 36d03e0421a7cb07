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

  it('shows a status once that is the same as before', async () => {
    const shown: NodeStatus[] = [];
    const line = new StatusLine((status) => shown.push(status));
    for (const text of ['1', '1']) line.show({ fill: 'green', shape: 'dot', text });
    line.show({ fill: 'green', shape: 'dot', text: '1' });
    line.show({ fill: 'red', shape: 'dot', text: '1' });
    await until('the other one is shown', () => shown.length === 2);
    line.show({ fill: 'red', shape: 'dot', text: '1' });
    line.show({ fill: 'red', shape: 'dot', text: '2' });
    await until('the next one is shown', () => shown.length === 3);
    assert.deepEqual(
      shown.map(({ fill, text }) => `${fill} ${text}`),
      ['green 1', 'red 1', 'red 2'],
    );
    line.close();
  });

  it('makes a status only when it shows one, however often it changes', async () => {
    const shown: NodeStatus[] = [];
    const line = new StatusLine((status) => shown.push(status));
    let made = 0;
    const make = () => ({ text: `made ${(made += 1)}` });
    for (let i = 0; i < 1000; i += 1) line.show(make);
    await until('the newest is shown', () => shown.length === 2);
    assert.equal(made, 2);
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
