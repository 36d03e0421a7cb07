import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { mistakeIn } from '../../src/options/rule.ts';
import { allRules, fieldDefaults } from '../../nodes/rules.ts';

interface Field {
  value: unknown;
  type?: string;
  required?: boolean;
}

interface Registration {
  category: string;
  icon?: string;
  outputs?: number;
  defaults: Record<string, Field>;
}

const root = join(__dirname, '../../..');
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

/** Runs a form's own script against a stand-in for the editor and gives what it registers. */
function registration(node: string, html: string): Registration {
  const script = /<script type="text\/javascript">([\s\S]*?)<\/script>/.exec(html)?.[1] ?? '';
  let registered: Registration | undefined;
  const RED = {
    nodes: {
      registerType(type: string, options: Registration) {
        assert.equal(type, node);
        registered = options;
      },
    },
  };
  const FlowerPower = {
    defaults(type: string, own: Record<string, object> = {}) {
      const fields = Object.entries(fieldDefaults(type)).map(([name, value]) => [
        name,
        { value, ...own[name] },
      ]);
      return { name: { value: '' }, ...Object.fromEntries(fields) } as Registration['defaults'];
    },
  };
  runInNewContext(script, { RED, FlowerPower });
  assert.ok(registered, 'the form registers its type');
  return registered;
}

describe('edit dialogs', () => {
  it('every node of the manifest has rules here', () => {
    assert.deepEqual(Object.keys(manifest['node-red'].nodes), Object.keys(allRules));
  });

  for (const [node, rules] of Object.entries(allRules)) {
    describe(node, () => {
      const folder = join(root, 'dist/nodes', node);
      const html = readFileSync(join(folder, `${node}.html`), 'utf8');
      const labels = JSON.parse(readFileSync(join(folder, `locales/en-US/${node}.json`), 'utf8'));
      const help = readFileSync(join(folder, `locales/en-US/${node}.html`), 'utf8');
      const { defaults, icon, category } = registration(node, html);
      const input = category === 'config' ? 'node-config-input' : 'node-input';

      it('the form, the defaults and the rules have the same properties', () => {
        assert.deepEqual(Object.keys(defaults), ['name', ...Object.keys(rules)]);
        for (const name of Object.keys(defaults)) assert.ok(html.includes(`id="${input}-${name}"`), name);
      });

      it('every default is valid, but for what the user must choose', () => {
        const stored = Object.fromEntries(
          Object.entries(defaults).map(([name, field]) => [name, field.value]),
        );
        const mustChoose = ['broker', 'queue', 'project', 'topic'];
        for (const [name, rule] of Object.entries(rules)) {
          if (mustChoose.includes(name) && category !== 'config') continue;
          assert.equal(mistakeIn(rule, name, stored), undefined, name);
        }
      });

      it('every label is translated, and none is left over', () => {
        const used = [...html.matchAll(/data-i18n="(?:\[\w+\])?([\w.-]+)"|this\._\(([^)]*)\)/g)].flatMap(
          (match) =>
            match[1]
              ? [match[1]]
              : [...(match[2] ?? '').matchAll(/'(fp-[\w.-]+)'/g)].map((key) => key[1] ?? ''),
        );
        const tabs = [...html.matchAll(/data-tab="(\w+)"/g)].map(([, tab]) => `${node}.tab.${tab}`);
        assert.deepEqual([...new Set([...used, ...tabs])].toSorted(), keysOf(labels).toSorted());
      });

      it('has help and an icon', () => {
        assert.ok(help.includes(`data-help-name="${node}"`));
        assert.ok(existsSync(join(folder, 'icons', icon ?? `${node}.svg`)));
      });
    });
  }

  it('every node is in an example, and every example is a list', () => {
    const examples = readdirSync(join(root, 'examples')).filter((file) => file.endsWith('.json'));
    const types = new Set<string>();
    for (const file of examples) {
      const flow = JSON.parse(readFileSync(join(root, 'examples', file), 'utf8'));
      assert.ok(Array.isArray(flow), file);
      for (const node of flow) types.add(node.type);
    }
    for (const node of Object.keys(allRules)) assert.ok(types.has(node), node);
  });
});

function keysOf(labels: object, path = ''): string[] {
  return Object.entries(labels).flatMap(([key, value]) => {
    const full = path ? `${path}.${key}` : key;
    return typeof value === 'string' ? [full] : keysOf(value, full);
  });
}
