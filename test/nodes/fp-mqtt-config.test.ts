import assert from 'node:assert/strict';
import { rules } from '../../nodes/fp-mqtt-config/properties.ts';
import { readProperties } from '../../nodes/properties.ts';
import { configKeys } from '../../src/index.ts';
import { brokerDefaults } from '../../src/mqtt/options.ts';

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
