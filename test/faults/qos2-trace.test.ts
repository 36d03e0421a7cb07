import assert from 'node:assert/strict';
import { generate, type Packet } from 'mqtt-packet';
import { publish } from '../helpers/scripted-broker.ts';
import { Qos2Trace } from './qos2-trace.ts';

describe('the trace of QoS 2 messages', () => {
  const sent = (dup: boolean) => publish(5, { qos: 2, dup, text: '{"number":41}' });
  const pubrec: Packet = { cmd: 'pubrec', messageId: 5 };
  const pubrel: Packet = { cmd: 'pubrel', messageId: 5 };

  function traced(...connections: [fromBroker: Packet[], fromClient: Packet[]][]): Qos2Trace {
    const trace = new Qos2Trace();
    for (const [index, [fromBroker, fromClient]] of connections.entries()) {
      const watch = trace.watch(index + 1);
      for (const packet of fromBroker.slice(0, 1)) watch.fromTarget(generate(packet));
      for (const packet of fromClient) watch.fromClient(generate(packet));
      for (const packet of fromBroker.slice(1)) watch.fromTarget(generate(packet));
    }
    return trace;
  }

  it('tells what passed, on which connection', () => {
    const trace = traced([[sent(false)], [pubrec]], [[sent(true)], []]);
    assert.equal(trace.describe(41), '1 publish, 1 pubrec, 2 publish again');
  });

  it('does not blame a broker that sends a message again before PUBREL', () => {
    assert.equal(traced([[sent(false)], [pubrec]], [[sent(true)], []]).wasSentAnew(41), false);
  });

  it('tells of a broker that sends a message again after PUBREL', () => {
    assert.equal(traced([[sent(false), pubrel], [pubrec]], [[sent(true)], []]).wasSentAnew(41), true);
  });
});
