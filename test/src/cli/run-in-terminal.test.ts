import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from '../../../src/cli/command.ts';
import { temporaryDirectory } from '../../helpers/servers.ts';

describe('fp-mqtt run in a terminal', () => {
  it('says what is wrong with a file, and ends', async () => {
    const file = join(temporaryDirectory('config'), 'mqtt_config.yml');
    writeFileSync(file, 'mqtt: {port: 0}\n');
    let warnings = '';
    const code = await runCommand(['run', file], {
      print: () => undefined,
      warn: (text) => (warnings += text),
      isTerminal: true,
    });
    assert.equal(code, 1);
    assert.match(warnings, /mqtt_config\.yml:1:14: mqtt\.port must be a whole number from 1 to 65535/);
  });
});
