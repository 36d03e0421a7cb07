import assert from 'node:assert/strict';
import { writeConfig, type Config } from '../../../src/index.ts';
import { brokerLabel } from '../../../src/mqtt/address.ts';
import { describeImport } from '../../../nodes/fp-yaml/describe-import.ts';
import { fromFlow } from '../../../nodes/fp-yaml/from-flow.ts';
import type { FlowNode } from '../../../nodes/fp-yaml/flow-node.ts';
import { toFlow } from '../../../nodes/fp-yaml/to-flow.ts';
import { configFiles } from '../../helpers/config-files.ts';
import { anyConfig, valid } from '../../helpers/config.ts';
import { holds } from '../../helpers/fuzz.ts';

/** A tab with a node that uses a broker. */
const flowWith = (broker: object, ...others: FlowNode[]): FlowNode[] => [
  { id: 'tab', type: 'tab' },
  { id: 'broker', type: 'fp-mqtt-config', ...broker },
  { id: 'stats', type: 'fp-stats', z: 'tab', broker: 'broker' },
  ...others,
];

/** Converts a config to a flow and back, including credentials. */
function throughFlow(config: Config): Config {
  const nodes = JSON.parse(JSON.stringify(toFlow(config, 'plant')));
  return fromFlow(nodes, nodes[0].id, ({ credentials = {} }) => credentials).config;
}

describe('a config', () => {
  it('is unchanged after it was written and read', () => {
    holds(anyConfig, (config) => assert.deepEqual(valid(writeConfig(config)), config), 500);
  });

  it('of every kind is unchanged after a conversion to a file, a flow and a file', () => {
    for (const text of Object.values(configFiles)) {
      const config = valid(text);
      assert.deepEqual(valid(writeConfig(throughFlow(config))), config);
    }
  });

  it('is unchanged after a conversion to a flow', () => {
    holds(anyConfig, (config) => assert.deepEqual(throughFlow(config), config), 500);
  });

  it('is unchanged after a conversion to a file, a flow and a file', () => {
    holds(
      anyConfig,
      (config) => {
        const file = writeConfig(config);
        assert.equal(writeConfig(throughFlow(valid(file))), file);
      },
      300,
    );
  });
});

describe('the port of a broker', () => {
  const imported = (mqtt: string) => {
    const flow = toFlow(valid(`mqtt:\n${mqtt}`), 'plant');
    return brokerLabel({ ...flow.find(({ type }) => type === 'fp-mqtt-config') });
  };
  const exported = (broker: object, ...others: FlowNode[]) => {
    const { mqtt } = fromFlow(flowWith(broker, ...others), 'tab', () => ({})).config;
    return [mqtt['broker'], mqtt['port']];
  };

  it("is the scheme's default in the flow if the file has none", () => {
    assert.equal(imported('  broker: "h"\n'), 'h:1883');
    assert.equal(imported('  broker: "mqtts://h"\n'), 'mqtts://h:8883');
    assert.equal(imported('  broker: "mqtts://h"\n  port: 1883\n'), 'mqtts://h:1883');
    assert.equal(imported('  broker: "h"\n  tls_ca: "/ca.pem"\n'), 'mqtts://h:8883');
  });

  it('is omitted from the file if the flow has none, except for a plain host', () => {
    assert.deepEqual(exported({ broker: 'h', port: '' }), ['h', 1883]);
    assert.deepEqual(exported({ broker: 'mqtts://h', port: '' }), ['mqtts://h', null]);
    assert.deepEqual(exported({ broker: 'mqtts://h', port: '1883' }), ['mqtts://h', 1883]);
  });

  it('of a broker with empty TLS settings stays, because the file has TLS in its scheme', () => {
    const tls: FlowNode = { id: 'tls', type: 'tls-config', ca: '', verifyservercert: true };
    assert.deepEqual(exported({ broker: 'h', port: '', tls: 'tls' }, tls), ['mqtts://h', null]);
    assert.deepEqual(exported({ broker: 'ws://h', port: '', tls: 'tls' }, tls), ['wss://h', null]);
    assert.deepEqual(exported({ broker: 'h', port: '', tls: 'tls' }, { ...tls, ca: '/ca.pem' }), ['h', null]);
  });

  it('is shown by the preview as in the flow', () => {
    const [line] = describeImport(valid('mqtt:\n  broker: "mqtts://h:8883"\n'));
    assert.equal(line, 'broker mqtts://h:8883');
  });
});
