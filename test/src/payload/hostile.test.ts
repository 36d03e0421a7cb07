import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { serialize } from 'node:v8';
import { DecodeError } from '../../../src/base/errors.ts';
import type { DecodeOptions } from '../../../src/payload/decode.ts';
import type { PayloadFormat } from '../../../src/payload/formats.ts';
import { cpuTime } from '../../helpers/cpu-time.ts';
import { decode } from '../../helpers/payload.ts';
import { temporaryDirectory } from '../../helpers/servers.ts';

const bytes = (hex: string) => Buffer.from(hex.replaceAll(' ', ''), 'hex');

/** Decodes payloads in a process with little memory; returns the types of the values, or the names of the errors. */
function inLittleMemory(payloads: [PayloadFormat, Buffer][]): string[] {
  const engine = join(__dirname, '../../../src/index.js');
  const script = `
    const { openDecoder } = require(${JSON.stringify(engine)});
    const payloads = require('node:v8').deserialize(require('node:fs').readFileSync(0));
    void (async () => {
      for (const [format, payload] of payloads) {
        const decoding = openDecoder({ format }).decode(Buffer.from(payload));
        console.log(await decoding.then(({ payload }) => payload.constructor.name, (error) => error.name));
      }
    })();`;
  const options = { input: serialize(payloads), timeout: 60_000 };
  const { stdout, stderr } = spawnSync(process.execPath, ['--max-old-space-size=64', '-e', script], options);
  return (String(stdout) + String(stderr)).trim().split('\n');
}

/** Milliseconds of CPU time: a second, or more on a machine that takes long for a harmless list, too. */
let limit = 1000;
const HARMLESS = Buffer.from('- 1\n'.repeat(30_000));

/** Checks that decoding returns a value or a DecodeError within the limit. */
async function endsInTime(payload: Buffer | string, options: DecodeOptions): Promise<void> {
  const refused = (error: unknown) => assert.ok(error instanceof DecodeError, String(error));
  const spent = await cpuTime(() => decode(Buffer.from(payload as string), options).catch(refused));
  assert.ok(spent < limit, `${options.format} took ${spent} ms: ${payload.toString('latin1').slice(0, 40)}`);
}

describe('a hostile payload', function () {
  before(async () => {
    const spent = await cpuTime(() => decode(HARMLESS, { format: 'yaml' }).catch(() => undefined));
    limit = Math.max(1000, 8 * spent);
  });

  it('MessagePack: allocates no memory for values that are only declared, at one level or at many', () => {
    const payloads = [
      bytes('dd01ffffff'.repeat(20)),
      bytes('dfffffffff'),
      bytes('81a161'.concat('dd0fffffff')),
      Buffer.concat([...Array<Buffer>(20_000).fill(bytes('dd00010000')), Buffer.alloc(1000)]),
      Buffer.alloc(1_000_000, 0x91),
    ];
    const outcomes = inLittleMemory([
      ...payloads.map((payload) => ['msgpack', payload] as [PayloadFormat, Buffer]),
      ...payloads.map((payload) => ['auto', payload] as [PayloadFormat, Buffer]),
    ]);
    assert.deepEqual(outcomes, [...payloads.map(() => 'DecodeError'), ...payloads.map(() => 'Buffer')]);
  });

  it('text whose first letter could start a MessagePack list is text', () => {
    const letters = ['܀', 'ݏ', 'ހ', '߿'];
    const outcomes = inLittleMemory(letters.map((letter) => ['auto', Buffer.from(letter.repeat(5000))]));
    assert.deepEqual(
      outcomes,
      letters.map(() => 'String'),
    );
  });

  it('YAML: 10,000 keys, lists, aliases or mistakes take less than a second', async () => {
    const keys = Array.from({ length: 45_000 }, (_, i) => `k${i}`);
    const aliases = `- &b []\n- &a [${'*b,'.repeat(49)}]\n${'- *a\n'.repeat(49)}`;
    for (const payload of [
      keys.map((key) => `${key}:\n`).join(''),
      `a: 1\nb: {${keys.slice(0, 30_000).join(',')}}`,
      `${aliases}${'- 1\n'.repeat(30_000)}`,
      `- 1\n${'- {a: b}{'.repeat(20_000)}`,
      `- 1\n- ${'}'.repeat(200_000)}`,
      `- ? [a]\n${'- &a {? [a]: 1}\n'.repeat(10_000)}`,
    ]) {
      await endsInTime(payload, { format: 'yaml' });
      await endsInTime(payload, { format: 'auto' });
    }
  });

  it('Protobuf: empty messages with many default fields take less than a second', async () => {
    const proto_file = join(temporaryDirectory('proto'), 'wide.proto');
    const fields = Array.from({ length: 20 }, (_, i) => `int64 field_${i} = ${i + 1};`);
    const list = 'message List { repeated Wide wide = 1; }';
    writeFileSync(proto_file, `syntax = "proto3"; message Wide { ${fields.join(' ')} } ${list}`);
    const options = { format: 'protobuf', proto_file, proto_message: 'List' } as const;
    await endsInTime(bytes('0a00'.repeat(500_000)), options);
    const few = (await decode(bytes('0a000a00'), options)) as { wide: object[] };
    assert.equal(few.wide.length, 2);
  });
});
