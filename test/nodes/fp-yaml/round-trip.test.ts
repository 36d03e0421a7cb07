import assert from 'node:assert/strict';
import { writeConfig, type Config } from '../../../src/index.ts';
import { fromFlow } from '../../../nodes/fp-yaml/from-flow.ts';
import { toFlow } from '../../../nodes/fp-yaml/to-flow.ts';
import { configFiles } from '../../helpers/config-files.ts';
import { anyConfig, valid } from '../../helpers/config.ts';
import { holds } from '../../helpers/fuzz.ts';

/** What the flow of a config says, credentials included. */
function throughFlow(config: Config): Config {
  const nodes = JSON.parse(JSON.stringify(toFlow(config, 'plant')));
  return fromFlow(nodes, nodes[0].id, ({ credentials = {} }) => credentials).config;
}

describe('a config', () => {
  it('is the same after it was written and read again', () => {
    holds(anyConfig, (config) => assert.deepEqual(valid(writeConfig(config)), config), 500);
  });

  it('of every shape is the same after it was a file, a flow and a file', () => {
    for (const text of Object.values(configFiles)) {
      const config = valid(text);
      assert.deepEqual(valid(writeConfig(throughFlow(config))), config);
    }
  });

  it('is the same after it was a flow', () => {
    holds(anyConfig, (config) => assert.deepEqual(throughFlow(config), config), 500);
  });

  it('is the same after it was a file, a flow and a file', () => {
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
