/** Generates the table in docs/yaml.md and mqtt_config.schema.json from the options. */
import { readFileSync, writeFileSync } from 'node:fs';
import { configSchema } from './json-schema.ts';
import { withOptionsTable } from './options-table.ts';

writeFileSync('docs/yaml.md', withOptionsTable(readFileSync('docs/yaml.md', 'utf8')));
writeFileSync('mqtt_config.schema.json', `${JSON.stringify(configSchema(), undefined, 2)}\n`);
