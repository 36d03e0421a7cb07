import assert from 'node:assert/strict';
import { brokerLabel } from '../../src/mqtt/address.ts';
import { rules } from '../../nodes/fp-mqtt-config/properties.ts';
import { readProperties } from '../../nodes/properties.ts';
import { brokerOptions, brokerUrl } from '../../src/mqtt/options.ts';

describe("a broker's address in a dialog", () => {
  const reached = (stored: { broker?: string; port?: string }, tls?: object) => {
    const { broker, port } = readProperties(rules, stored);
    return brokerUrl(brokerOptions({ broker, port, tls, clean_session: true }));
  };

  it('without a port has that of its scheme', () => {
    assert.equal(reached({}), 'mqtt://localhost:1883');
    assert.equal(reached({ broker: 'mqtts://h', port: '' }), 'mqtts://h:8883');
    assert.equal(reached({ broker: 'h', port: '' }, {}), 'mqtts://h:8883');
    assert.equal(reached({ broker: 'wss://h' }), 'wss://h:443');
  });

  it('keeps a port that is stored', () => {
    assert.equal(reached({ broker: 'mqtts://h', port: '1883' }), 'mqtts://h:1883');
  });
});

describe("a broker's label", () => {
  const labels: [fields: Parameters<typeof brokerLabel>[0], label: string][] = [
    [{}, 'localhost:1883'],
    [{ broker: 'h', port: '1884' }, 'h:1884'],
    [{ broker: 'mqtt://h' }, 'h:1883'],
    [{ broker: 'mqtts://h' }, 'mqtts://h:8883'],
    [{ broker: 'mqtts://h:8884', port: 1883 }, 'mqtts://h:8884'],
    [{ broker: 'h', tls: 'a-node' }, 'mqtts://h:8883'],
    [{ broker: 'wss://h/mqtt?token=secret' }, 'wss://h:443'],
    [{ broker: '::1' }, '[::1]:1883'],
    [{ broker: 'h', port: '${PORT}' }, 'h:${PORT}'],
    [{ broker: '${BROKER}' }, '${BROKER}'],
    [{ broker: '${BROKER}', port: 1884 }, '${BROKER}:1884'],
    [{ broker: 'http://h', port: '1' }, 'http://h'],
  ];
  for (const [fields, label] of labels) {
    it(`of ${JSON.stringify(fields)} says where it goes`, () => assert.equal(brokerLabel(fields), label));
  }
});
