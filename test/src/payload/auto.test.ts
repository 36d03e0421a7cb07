import assert from 'node:assert/strict';
import { openArrow } from '../../../src/payload/arrow/arrow.ts';
import { auto } from '../../../src/payload/auto.ts';
import { decode } from '../../helpers/payload.ts';

const arrow = openArrow();

after(() => arrow.close());

/** Nested aliases: each list contains the previous one ten times. */
const bomb = 'bcdefgh'
  .split('')
  .map((name, i) => `${name}: &${name} [${`*${'abcdefg'[i]},`.repeat(10)}]\n`)
  .join('');

describe('detecting the format of a payload', () => {
  const corpus: [string | Buffer, string][] = [
    ['', 'text'],
    ['21.5', 'json'],
    ['"text"', 'json'],
    ['hello', 'text'],
    ['OK', 'text'],
    ['on', 'text'],
    ['21,5', 'text'],
    ['21.5 °C', 'text'],
    ['Error: disk full', 'text'],
    ['temperature: 21.5', 'text'],
    ['note: yes\nand more text that is no key', 'text'],
    ['2026-01-02 03:04:05 INFO: started', 'text'],
    ['- one thing', 'text'],
    ['a,b,c\n1,2,3', 'text'],
    ['key=value\nother=2', 'text'],
    ['<xml attribute="1">\n</xml>', 'text'],
    ['{not json}', 'text'],
    ['GET / HTTP/1.1\r\nHost: h\r\n\r\n', 'text'],
    ['Dear all: read this\nIt is: a letter with spaces', 'text'],
    ['\t\tindented', 'text'],
    ['a: &a [*a]\nb: 1', 'text'],
    ['a: *x\nb: 1', 'text'],
    ['a: &a [1,1,1,1,1,1,1,1,1,1]\n'.concat(bomb), 'text'],
    ['--- text', 'text'],
    ['--- server started ---', 'text'],
    ['---\nHello all\nhow are you', 'text'],
    ['--- a/file\n+++ b/file\n@@ -1,2 +1,2 @@\n a: 1\n-b: 2\n+b: 3\n', 'text'],
    ['---\ntitle: a page\n---\n# Heading\n', 'text'],
    ['sensor: s1\ncelsius: 21.5', 'yaml'],
    ['sensor: s1\nreadings:\n  - 1\n  - 2\n', 'yaml'],
    ['- 1\n- 2', 'yaml'],
    ['%YAML 1.2\n---\na: 1', 'yaml'],
    ['---\nDear all: 1', 'yaml'],
    ['\ufeff---\n- 1', 'yaml'],
    [Buffer.from([0x81, 0xa1, 0x61, 0x01]), 'msgpack'],
    [Buffer.from([0x93, 1, 2, 3]), 'msgpack'],
    [Buffer.from([0xdc, 0, 2, 1, 2]), 'msgpack'],
    [Buffer.from([0xdd, 0, 0, 0, 1, 1]), 'msgpack'],
    [Buffer.from([0xde, 0, 1, 0xa1, 0x61, 1]), 'msgpack'],
    [Buffer.from([0xdf, 0, 0, 0, 1, 0xa1, 0x61, 1]), 'msgpack'],
    ['ܐܒܓ ܕܗ', 'text'],
    [Buffer.from([0x93, 1, 2, 3, 4]), 'buffer'],
    [Buffer.from([0x80]), 'buffer'],
    [Buffer.from([0xc3]), 'buffer'],
    [Buffer.from([0x05]), 'text'],
    [Buffer.from([0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0, 0]), 'buffer'],
    [Buffer.from('ARROW1'), 'text'],
    [Buffer.from([0x80, 4, 0x4e, 0x2e]), 'pickle'],
    [Buffer.from([0x80, 4, 0x52, 0x2e]), 'buffer'],
    [Buffer.from('grün', 'latin1'), 'buffer'],
  ];

  for (const [payload, format] of corpus) {
    const bytes = Buffer.from(payload as string);
    it(`${JSON.stringify(bytes.toString('latin1')).slice(0, 60)} is ${format}`, async () => {
      assert.equal((await auto(bytes, arrow)).format, format);
    });
  }

  it('keeps text unchanged', async () => {
    for (const text of ['--- server started ---', '---\nHello all\nhow are you', 'a: *x\nb: 1']) {
      assert.equal(await decode(Buffer.from(text)), text);
    }
  });
});
