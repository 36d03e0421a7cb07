/** Payloads that look valid, but cost a careless parser much more than their size. */
import * as fc from 'fast-check';

const utf8 = (text: string) => Buffer.from(text);
const uint32 = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};

/** Up to 60,000 keys, in one map or in many. */
export const manyKeys = fc
  .tuple(fc.integer({ min: 1, max: 60_000 }), fc.constantFrom(1, 10, 60_000), fc.nat(5))
  .map(([count, perMap, shape]) => {
    const keys = Array.from({ length: count }, (_, i) => `k${i.toString(36)}`);
    const maps = Array.from({ length: Math.ceil(count / perMap) }, (_, i) =>
      keys.slice(i * perMap, (i + 1) * perMap),
    );
    const written = [
      () => JSON.stringify(maps.map((names) => Object.fromEntries(names.map((name) => [name, 1])))),
      () => maps.map((names) => `- ${names.map((name) => `${name}: 1`).join('\n  ')}`).join('\n'),
      () => `- {${maps.map((names) => names.join(',')).join('}\n- {')}}`,
      () => keys.map((name) => `${name}:\n`).join(''),
      () => `a: 1\nb: {${keys.map((name) => `? ${name}`).join(',')}}`,
      () => keys.map((name) => `- ? [${name}]\n  : &x 1\n`).join(''),
    ];
    return utf8(written[shape]?.() ?? '');
  });

/** Nested MessagePack headers with huge lengths, and a few bytes of content. */
export const hugeLengths = fc
  .array(
    fc.tuple(
      fc.constantFrom(0xdd, 0xdd, 0xdf, 0xc6, 0xc9, 0xdb),
      fc.oneof(fc.constantFrom(1, 0xff_ff, 0x1_ff_ff_ff), fc.nat(0xff_ff_ff_ff)),
      fc.constantFrom('', '00', 'a161', '8f', '9f'),
    ),
    { minLength: 1, maxLength: 40 },
  )
  .map((heads) =>
    Buffer.concat(
      heads.flatMap(([type, length, rest]) => [Buffer.of(type), uint32(length), Buffer.from(rest, 'hex')]),
    ),
  );

/** YAML with anchors and aliases, some without an anchor, and up to 10,000 other values. */
export const aliases = fc
  .tuple(
    fc.array(fc.tuple(fc.nat(3), fc.array(fc.constantFrom('*a', '*b', '*c', '*d', '1', '{}', '[]'))), {
      maxLength: 60,
    }),
    fc.constantFrom(0, 10_000),
  )
  .map(([lists, others]) => {
    const lines = lists.map(([name, items]) => `- &${'abcd'[name]} [${items.join(',')}]\n`);
    return utf8(`- 1\n${lines.join('')}${'- 1\n'.repeat(others)}`);
  });

const classes = [
  'decimal\nDecimal',
  'fractions\nFraction',
  'datetime\ntimedelta',
  '_codecs\nencode',
  'builtins\nset',
  'builtins\nbytearray',
  'builtins\ncomplex',
  'collections\ndeque',
];

const keep = (value: string) => `${value}\u00940`;
const kept = (index: number) => `h${String.fromCharCode(index)}`;
const textOf = (length: number) =>
  `X${String.fromCharCode(length % 256, length >> 8, 0, 0)}${'a'.repeat(length)}`;
/** Number of memo entries: a text, and lists that contain the previous entry ten times. */
const KEPT = 12;
const lists = Array.from({ length: KEPT - 1 }, (_, i) => keep(`](${kept(i).repeat(10)}e`));

const call = fc
  .tuple(fc.constantFrom(...classes), fc.array(fc.nat(KEPT - 1), { minLength: 1, maxLength: 3 }))
  .map(([name, args]) => `c${name}\n${args.map(kept).join('')}${' \u0085\u0086\u0087'[args.length]}R`);

/** Pickles that repeatedly call supported classes with their memo entries. */
export const sharedReferences = fc
  .tuple(fc.nat(60_000), fc.array(call, { minLength: 1, maxLength: 2 }), fc.integer({ min: 1, max: 2000 }))
  .map(([length, calls, times]) => {
    const program = `${keep(textOf(length))}${lists.join('')}(${calls.join('').repeat(times)}l.`;
    return Buffer.from(`\u0080\u0004${program}`, 'latin1');
  });
