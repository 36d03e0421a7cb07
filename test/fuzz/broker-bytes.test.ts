import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { generate, type Packet } from 'mqtt-packet';
import { samples } from '../helpers/fuzz.ts';
import { manualSubscriber } from '../helpers/manual-subscriber.ts';
import { openScripted } from '../helpers/scripted-session.ts';
import { publish } from '../helpers/scripted-broker.ts';
import { until } from '../helpers/until.ts';

const id = fc.integer({ min: 1, max: 65_535 });
const qos = fc.constantFrom<0 | 1 | 2>(0, 1, 2);
const packets: fc.Arbitrary<Packet> = fc.oneof(
  fc
    .record({ messageId: id, qos, dup: fc.boolean(), text: fc.string() })
    .map(({ messageId, ...more }) => publish(messageId, more)),
  fc.record({
    cmd: fc.constantFrom('puback', 'pubrec', 'pubrel', 'pubcomp'),
    messageId: id,
  }) as fc.Arbitrary<Packet>,
  fc.record({
    cmd: fc.constant('suback'),
    messageId: id,
    granted: fc.array(fc.nat(2), { minLength: 1 }),
  }) as fc.Arbitrary<Packet>,
  fc.constant<Packet>({ cmd: 'pingresp' }),
);
const noise = fc.uint8Array({ minLength: 1, maxLength: 60 }).map((bytes) => Buffer.from(bytes));

/** Valid packets, packets with changed bytes, truncated packets, and random bytes. */
function rude(protocolVersion: 4 | 5): fc.Arbitrary<Buffer> {
  const sound = packets.map((packet) => generate(packet, { protocolVersion }));
  const changed = fc.tuple(sound, fc.nat(), fc.nat(255)).map(([bytes, at, byte]) => {
    const copy = Buffer.from(bytes);
    copy[at % copy.length] = byte;
    return copy;
  });
  const part = fc.tuple(sound, fc.nat()).map(([bytes, at]) => bytes.subarray(0, at % bytes.length));
  const one = fc.oneof(sound, changed, part, noise);
  return fc.array(one, { minLength: 1, maxLength: 4 }).map((pieces) => Buffer.concat(pieces));
}

describe('arbitrary bytes from a broker', function () {
  for (const protocolVersion of [4, 5] as const) {
    it(`do not stop the connection for good, protocol ${protocolVersion}`, async () => {
      const { server, broker, close } = await openScripted({ protocolVersion }, { keepalive: 1 });
      let settled = 0;
      broker.subscribe(manualSubscriber({ filter: 'a', receive: async () => void settled++ }));
      broker.connect();
      await server.got('subscribe');
      for (const bytes of samples(rude(protocolVersion), 15)) {
        server.write(bytes);
        // The bytes may start a packet that swallows the next ones, so use a new connection.
        server.cut();
        const connections = server.received.filter(({ cmd }) => cmd === 'subscribe').length;
        await server.got('subscribe', connections + 1);
        const before = settled;
        server.send(publish(7, { text: 'after it' }));
        await until('the message after it is taken', () => settled > before);
      }
      await close();
    });

    it(`do not cause a crash on one connection, protocol ${protocolVersion}`, async () => {
      const { server, broker, close } = await openScripted({ protocolVersion }, { keepalive: 1 });
      broker.subscribe(manualSubscriber({ filter: 'a', receive: async () => undefined }));
      broker.connect();
      await server.got('subscribe');
      for (const bytes of samples(rude(protocolVersion), 300)) {
        server.write(bytes);
        await new Promise((resolve) => setImmediate(resolve));
      }
      server.cut();
      const subscribes = server.received.filter(({ cmd }) => cmd === 'subscribe').length;
      await server.got('subscribe', subscribes + 1);
      const acknowledgements = server.ids('puback').length;
      server.send(publish(9));
      await server.got('puback', acknowledgements + 1);
      assert.ok(broker.counts.unsettled < 100);
      await close();
    });
  }
});
