import assert from 'node:assert/strict';
import type { NodeStatus } from 'node-red';
import { age, amount, connectionStatus, counted, fitting, StatusLine } from '../../nodes/status.ts';
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
    assert.ok((shown[0]?.text ?? '').length <= 36);
    line.close();
  });

  it('cuts a text behind a whole word', () => {
    const shown: NodeStatus[] = [];
    const line = new StatusLine((status) => shown.push(status));
    line.show({ text: 'queue missing or disabled: choose one in the dialog' });
    assert.equal(shown[0]?.text, 'queue missing or disabled: choose…');
    line.close();
  });

  it('leaves out parts for which there is no room', () => {
    assert.equal(fitting(['3 running', 'x'.repeat(30), '38/min']), '3 running, 38/min');
  });

  it('formats numbers and ages', () => {
    assert.deepEqual([amount(1234), amount(10_001, 10_000)], ['1,234', '10,000+']);
    assert.deepEqual([age(900), age(240_000), age(7_300_000)], ['0 s', '4 min', '2 h']);
  });

  it('shows the reason of a lost connection without the address', () => {
    const textOf = (reason: string) => connectionStatus({ state: 'waiting', reason }).text;
    assert.equal(textOf('mqtts://h:8883: connect ECONNREFUSED'), 'connect ECONNREFUSED');
    assert.equal(
      textOf('10.0.0.1:1883: the broker refused the connection: Not authorized (5)'),
      'refused: Not authorized (5)',
    );
    assert.equal(textOf('getaddrinfo ENOTFOUND h'), 'getaddrinfo ENOTFOUND h');
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
