import assert from 'node:assert/strict';
import { brokerLabel } from '../../nodes/fp-mqtt-config/broker-label.ts';
import { rules } from '../../nodes/fp-mqtt-config/properties.ts';
import { readProperties } from '../../nodes/properties.ts';
import { configKeys } from '../../src/index.ts';
import { brokerUrl } from '../../src/mqtt/client-options.ts';
import { brokerDefaults, brokerOptions } from '../../src/mqtt/options.ts';

/** A dialog keeps the session, because a gateway should miss nothing; flowerpower-mqtt does not. */
const DIFFERENT = ['clean_session'];

describe('a broker connection of which nothing is said', () => {
  it('is the same in the engine, the YAML and the dialog', () => {
    const fromDialog: Record<string, unknown> = readProperties(rules, {});
    const names = Object.keys(brokerDefaults).filter((name) => name in configKeys.mqtt);
    for (const name of names.filter((one) => !DIFFERENT.includes(one))) {
      const values = [brokerDefaults[name as keyof typeof brokerDefaults], configKeys.mqtt[name]?.default];
      assert.deepEqual(values, [fromDialog[name], fromDialog[name]], name);
    }
  });
});

describe("a broker's address in a dialog", () => {
  const reached = (stored: { broker?: string; port?: string }, tls?: object) => {
    const { broker, port } = readProperties(rules, stored);
    return brokerUrl(brokerOptions({ broker, port, tls }));
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
