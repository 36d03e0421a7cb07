import assert from 'node:assert/strict';
import Module from 'node:module';
import { DecodeError, OptionsError } from '../../../src/base/errors.ts';
import { openDecoder } from '../../../src/payload/decode.ts';
import { payloadFormats, type PayloadFormat } from '../../../src/payload/formats.ts';
import { decode } from '../../helpers/payload.ts';

const notUtf8 = Buffer.from([0x68, 0x69, 0xff, 0x21]);
const deep = (levels: number) => Buffer.from('['.repeat(levels) + ']'.repeat(levels));

async function refused(payload: Buffer, format: PayloadFormat): Promise<DecodeError> {
  const error = await decode(payload, { format }).then(
    () => assert.fail('decoded'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof DecodeError);
  assert.equal(error.payload, payload);
  return error;
}

describe('decoding a payload', () => {
  it('uses auto by default, and lists the formats', async () => {
    assert.deepEqual(payloadFormats, [
      'auto',
      'json',
      'yaml',
      'msgpack',
      'pickle',
      'protobuf',
      'pyarrow',
      'text',
      'buffer',
    ]);
    assert.deepEqual(await decode(Buffer.from('[1]')), [1]);
  });

  it('refuses a format that does not exist', async () => {
    await assert.rejects(decode(Buffer.from('1'), { format: 'constructor' as PayloadFormat }), OptionsError);
  });

  it('refuses a payload over the limit in every format, and takes one at the limit', async () => {
    for (const format of ['auto', 'json', 'text', 'buffer'] as PayloadFormat[]) {
      await assert.rejects(decode(Buffer.from('12345'), { format, maximumSize: 4 }), (error: DecodeError) => {
        assert.match(error.message, /5 bytes, the limit is 4/);
        return error instanceof DecodeError && error.payload.length === 5;
      });
      await decode(Buffer.from('1234'), { format, maximumSize: 4 });
    }
    await assert.rejects(decode(Buffer.alloc(1024 * 1024 + 1)), DecodeError);
  });

  it('json: reads values of every kind, with or without a byte order mark', async () => {
    for (const value of [null, false, 0, 'ü', [], {}, { a: [1.5, null] }]) {
      assert.deepEqual(await decode(Buffer.from(JSON.stringify(value)), { format: 'json' }), value);
      assert.deepEqual(
        await decode(Buffer.from(`\ufeff${JSON.stringify(value)}`), { format: 'json' }),
        value,
      );
    }
  });

  it('json: says what is wrong and where', async () => {
    assert.match((await refused(Buffer.from('{"a":x}'), 'json')).message, /not JSON: .*x.*choose the format/);
    assert.match((await refused(Buffer.from(' '), 'json')).message, /empty/);
    assert.match((await refused(Buffer.alloc(0), 'json')).message, /empty/);
    assert.match((await refused(Buffer.from('{"a":1'), 'json')).message, /not JSON/);
    assert.match((await refused(notUtf8, 'json')).message, /byte 2/);
  });

  it('json: refuses a payload nested too deeply to be cloned', async () => {
    assert.match((await refused(deep(501), 'json')).message, /500 levels/);
    assert.match((await refused(deep(500_000), 'json')).message, /500 levels/);
    await decode(Buffer.from(`${'['.repeat(500)}1${']'.repeat(500)}`), { format: 'json' });
    await decode(Buffer.from(JSON.stringify(Array.from({ length: 5000 }, () => [[{}]]))), { format: 'json' });
  });

  it('text: reads strict UTF-8 without a byte order mark', async () => {
    assert.equal(
      await decode(Buffer.from('\ufeffgrün\u0000 \ufffd'), { format: 'text' }),
      'grün\u0000 \ufffd',
    );
    assert.equal(await decode(Buffer.alloc(0), { format: 'text' }), '');
  });

  it('text: names the first byte that is not UTF-8', async () => {
    assert.match((await refused(notUtf8, 'text')).message, /byte 2/);
    assert.match((await refused(Buffer.from([0x61, 0xe2, 0x82]), 'text')).message, /byte/);
    assert.match((await refused(Buffer.from([0xef, 0xbf]), 'text')).message, /byte/);
    // An encoded surrogate is not valid UTF-8 (RFC 3629 section 3).
    assert.match((await refused(Buffer.from([0x61, 0xed, 0xa0, 0x80]), 'text')).message, /byte 1/);
  });

  it('buffer: returns the bytes unchanged', async () => {
    assert.equal(await decode(notUtf8, { format: 'buffer' }), notUtf8);
  });

  it('wraps other errors in a DecodeError with their message and the bytes', async () => {
    const decoder = openDecoder({ format: 'pyarrow' });
    const modules = Module as unknown as { _resolveFilename: (name: string) => string };
    const { _resolveFilename: resolve } = modules;
    modules._resolveFilename = () => assert.fail('gone');
    try {
      await assert.rejects(decoder.decode(notUtf8), (error) => {
        assert.ok(error instanceof DecodeError);
        assert.equal(error.payload, notUtf8);
        assert.match(error.message, /^the package apache-arrow is missing: run `npm install apache-arrow`/);
        return true;
      });
    } finally {
      modules._resolveFilename = resolve;
      decoder.close();
    }
  });

  it('auto: JSON, else text, else bytes', async () => {
    assert.equal(await decode(Buffer.from('null')), null);
    assert.equal(await decode(Buffer.from('21.5')), 21.5);
    assert.equal(await decode(Buffer.from('21.5 °C')), '21.5 °C');
    assert.equal(await decode(Buffer.alloc(0)), '');
    assert.equal(await decode(notUtf8), notUtf8);
    assert.equal(typeof (await decode(deep(501))), 'string');
  });

  it('yaml: reads many keys in linear time', async () => {
    const payload = (keys: number) =>
      Buffer.from(Array.from({ length: keys }, (_, number) => `k${number}: 1\n`).join(''));
    const cost = async (keys: number) => {
      const before = process.cpuUsage();
      await decode(payload(keys), { format: 'yaml' });
      return process.cpuUsage(before).user;
    };
    await cost(1000);
    const [small, large] = [await cost(1000), await cost(10_000)];
    assert.ok(large < 40 * small, `${large} against ${small} microseconds`);
  });

  it('yaml: refuses duplicate keys', async () => {
    const decoding = decode(Buffer.from('a: 1\nb: {c: 1, c: 2}'), { format: 'yaml' });
    await assert.rejects(decoding, /duplicate key c/);
  });
});
