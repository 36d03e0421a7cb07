import assert from 'node:assert/strict';
import { generate, type Packet } from 'mqtt-packet';
import { publish } from '../helpers/scripted-broker.ts';
import { ExchangeTrace } from './exchange-trace.ts';

describe('the trace of exchanges', () => {
  const sent = (dup: boolean) => publish(5, { qos: 2, dup, text: '{"number":41}' });
  const pubrec: Packet = { cmd: 'pubrec', messageId: 5 };
  const pubrel: Packet = { cmd: 'pubrel', messageId: 5 };
  const pubcomp: Packet = { cmd: 'pubcomp', messageId: 5 };

  function traced(...connections: [fromBroker: Packet[], fromClient: Packet[]][]): ExchangeTrace {
    const trace = new ExchangeTrace(4);
    for (const [index, [fromBroker, fromClient]] of connections.entries()) {
      const watch = trace.watch(index + 1);
      for (const packet of fromBroker.slice(0, 1)) watch.fromTarget(generate(packet));
      for (const packet of fromClient.slice(0, 1)) watch.fromClient(generate(packet));
      for (const packet of fromBroker.slice(1)) watch.fromTarget(generate(packet));
      for (const packet of fromClient.slice(1)) watch.fromClient(generate(packet));
    }
    return trace;
  }

  it('tells what passed of a QoS 2 message, on which connection', () => {
    const trace = traced([[sent(false)], [pubrec]], [[sent(true)], []]);
    assert.equal(trace.describe(41), '1 publish, 1 pubrec, 2 publish again');
  });

  it('does not blame a broker that sends a message again before PUBREL', () => {
    assert.equal(traced([[sent(false)], [pubrec]], [[sent(true)], []]).wasSentAnew(41), false);
  });

  it('tells of a broker that sends a message again after PUBREL', () => {
    assert.equal(traced([[sent(false), pubrel], [pubrec]], [[sent(true)], []]).wasSentAnew(41), true);
  });

  it('counts a QoS 1 message as open until PUBACK', () => {
    const message = publish(5, { qos: 1, dup: false, text: '{"number":41}' });
    assert.equal(traced([[message], []]).open, 1);
    assert.equal(traced([[message], [{ cmd: 'puback', messageId: 5 }]]).open, 0);
  });

  it('counts a QoS 2 message as open until PUBCOMP', () => {
    assert.equal(traced([[sent(false), pubrel], [pubrec]]).open, 1);
    assert.equal(
      traced([
        [sent(false), pubrel],
        [pubrec, pubcomp],
      ]).open,
      0,
    );
  });

  it('counts only what the broker sent on its newest connection: it sends the rest again', () => {
    assert.equal(traced([[sent(false)], []], [[], []]).open, 0);
    assert.equal(traced([[sent(false)], []], [[pubrel], []]).open, 1);
  });
});
