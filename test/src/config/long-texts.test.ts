import assert from 'node:assert/strict';
import { read } from '../../helpers/config.ts';
import { inBoundedTime } from '../../helpers/processor-time.ts';

const SIZE = 127 * 1024;

function longText(line: (i: number) => string, before = ''): string {
  let text = before;
  for (let i = 0; ; i++) {
    const longer = text + line(i);
    if (longer.length > SIZE) return text;
    text = longer;
  }
}

const base = `base: &a\n${Array.from({ length: 900 }, (_, i) => ` k${i}: 1\n`).join('')}`;
/** Texts that take more than linear time to read unless it is bounded. */
const longTexts = {
  'very many keys': longText((i) => `k${i}: 1\n`),
  'very many keys in braces': `{${longText((i) => `k${i},`)}}`,
  'maps of many keys': longText((i) => (i % 900 === 0 ? `m${i}:\n` : ` k${i}: 1\n`)),
  'keys again and again': longText((i) => (i % 900 === 0 ? `m${i}:\n` : ' k: 1\n')),
  'keys that are maps': longText((i) => (i % 900 === 0 ? `m${i}:\n` : ` ? {a: 1}\n : 1\n`)),
  'keys without a name': longText(() => ':\n'),
  'merge keys': longText((i) => `<<: {a${i}: 1}\n`),
  'merged maps': longText((i) => (i < 99 ? `b${i}: {<<: *a}\n` : '# more\n'), base),
  'a list of merged maps': longText(
    () => '# more\n',
    `${base}mqtt: {<<: [${Array(99).fill('*a').join()}]}\n`,
  ),
  'anchors and aliases': longText(
    (i) => (i < 99 ? `b${i}: *a0\n` : i === 99 ? 'c:\n' : ` - &a${i} x\n`),
    'a: &a0 x\n',
  ),
  'one mistake after the other': longText(() => ']\n'),
  tags: longText((i) => `a${i}: !t x\n`),
  'subscriptions full of mistakes': longText(
    (i) => (i < 1000 ? `- {topic: 5, p: 1, q: 2, r: 3, s: 4, t: 5, qos: 6}\n` : '# more\n'),
    'subscriptions:\n',
  ),
};

describe('reading an mqtt_config.yml of the maximum size', () => {
  for (const [what, text] of Object.entries(longTexts)) {
    it(`takes a bounded time for ${what}`, () => {
      const { problems } = inBoundedTime(() => read(text));
      assert.ok(problems.length > 0 && problems.length <= 101);
    });
  }
});
