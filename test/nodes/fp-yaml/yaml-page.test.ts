import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { configKeys } from '../../../src/index.ts';

const page = join(__dirname, '../../../../docs/yaml.md');

type Keys = typeof configKeys.mqtt;

describe('docs/yaml.md', () => {
  it('has a row for each key, as the schema says', () => {
    const text = readFileSync(page, 'utf8');
    const rows = [
      ...rowsOf('mqtt', configKeys.mqtt),
      ...rowsOf('subscriptions[]', configKeys.subscription),
      ...rowsOf('job_queue', configKeys.jobQueue),
      ...rowsOf('', configKeys.project),
    ];
    const written = text
      .split('\n')
      .filter((line) => line.startsWith('| `'))
      .map((line) =>
        line
          .split('|')
          .map((cell) => cell.trim())
          .slice(1, -1)
          .join(' | '),
      );
    assert.deepEqual(written, rows);
  });
});

function rowsOf(section: string, keys: Keys): string[] {
  return Object.entries(keys).map(([name, key]) => {
    const path = section === '' ? name : `${section}.${name}`;
    const fallback = key.required ? 'required' : key.default === null ? '' : `\`${String(key.default)}\``;
    return [`\`${path}\`${key.ours ? ' *' : ''}`, fallback, key.about].join(' | ');
  });
}
