import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RealNode } from './real-node.ts';
import { contributed, core } from './table.ts';

const root = join(__dirname, '../../../..');

const cells = ({ node, does, outcome }: RealNode) => [node, does, outcome];

/** The rows of the page's tables, without heads. */
function rowsOf(page: string): string[][] {
  const tables = page.match(/(^\|.*\n)+/gm) ?? [];
  const lines = tables.flatMap((table) => table.trimEnd().split('\n').slice(2));
  return lines.map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

describe('docs/nodes.md', () => {
  it('lists every node of the suite, and no other', () => {
    const byPackage = Object.entries(contributed).flatMap(([name, nodes]) =>
      nodes.map((node) => [name, ...cells(node)]),
    );
    const listed = rowsOf(readFileSync(join(root, 'docs/nodes.md'), 'utf8'));
    assert.deepEqual(listed, [...core.map(cells), ...byPackage]);
  });
});
