import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { command } from '../../helpers/command.ts';

const program = join(__dirname, '../../../src/cli/fp-mqtt.js');

describe('fp-mqtt', () => {
  it('lists its verbs, and tells the options of each', async () => {
    const { code, output } = await command('--help');
    assert.equal(code, 0);
    const verbs = [...output.matchAll(/^ {2}((?:[a-z]+ )+)/gm)].map(([, words = '']) => words.trim());
    assert.ok(verbs.includes('jobs worker status') && verbs.includes('config create'), output);
    for (const verb of verbs) {
      const help = await command(...verb.split(' '), '--help');
      assert.match(help.output, new RegExp(`^Usage: fp-mqtt ${verb}`));
      assert.equal(help.code, 0);
    }
  });

  it('has every verb that the README shows', async () => {
    const readme = readFileSync(join(__dirname, '../../../../README.md'), 'utf8');
    const lines = [...readme.matchAll(/^npx fp-mqtt ([^#\n]*[^#\s])/gm)].map(([, line = '']) => line);
    assert.ok(lines.length > 10);
    for (const line of lines) {
      const { code, output } = await command(...line.split(' '), '--help');
      assert.deepEqual([code, output.includes('VERB')], [0, false], line);
    }
  });

  for (const [given, words] of [
    [[], /no verb/],
    [['jobs'], /no verb jobs/],
    [['jobs', 'fly'], /no verb jobs fly/],
    [['subscriptions', '--loud'], /Unknown option '--loud'/],
    [['subscriptions', 'a', 'b'], /one file at a time/],
    [['jobs', 'show'], /the ID of a job is missing/],
    [['jobs', 'clean'], /--state is missing: waiting, delayed, completed, dead/],
  ] as [string[], RegExp][]) {
    it(`"${given.join(' ')}" is told in one line, with exit code 2`, async () => {
      const { code, output, warnings } = await command(...given);
      assert.deepEqual([code, output], [2, '']);
      assert.match(warnings, words);
      assert.match(warnings, /^fp-mqtt: [^\n]+\nTry: fp-mqtt --help\n$/);
    });
  }

  it('works in a pipe whose reader stops early', () => {
    const line = `"${process.execPath}" "${program}" config create - | head -n 1`;
    const { stdout, stderr } = spawnSync('sh', ['-c', line], { encoding: 'utf8' });
    assert.match(stdout, /^# A configuration of flowerpower-mqtt/);
    assert.equal(stderr, '');
  });

  it('exits with the code of what it was asked', () => {
    const { status, stderr } = spawnSync(process.execPath, [program, 'fly'], { encoding: 'utf8' });
    assert.deepEqual([status, stderr], [2, 'fp-mqtt: no verb fly\nTry: fp-mqtt --help\n']);
  });
});
