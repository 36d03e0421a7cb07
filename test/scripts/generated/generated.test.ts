import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { configSchema } from '../../../scripts/generated/json-schema.ts';
import { withOptionsTable } from '../../../scripts/generated/options-table.ts';

const root = join(__dirname, '../../../..');
const remedy = 'is not as the options say: npm run generate';

describe('the generated description of the options', () => {
  it('is in docs/yaml.md', () => {
    const page = readFileSync(join(root, 'docs/yaml.md'), 'utf8');
    assert.ok(page === withOptionsTable(page), `docs/yaml.md ${remedy}`);
  });

  it('is in mqtt_config.schema.json', () => {
    const schema = JSON.parse(readFileSync(join(root, 'mqtt_config.schema.json'), 'utf8')) as object;
    assert.deepEqual(schema, JSON.parse(JSON.stringify(configSchema())), `mqtt_config.schema.json ${remedy}`);
  });
});
