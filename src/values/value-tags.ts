/** Decodes the content of a tag; returns undefined if the content is invalid, so the object is not a tag. */
type Reader = (content: unknown, decode: (encoded: unknown) => unknown) => { value: unknown } | undefined;

/** Decoders by tag. An object whose only key is a tag represents a value that JSON lacks. */
const readers: Readonly<Record<string, Reader>> = {
  $buffer: (content) => (typeof content === 'string' ? { value: Buffer.from(content, 'base64') } : undefined),
  $string: (content) =>
    typeof content === 'string' ? { value: Buffer.from(content, 'base64').toString('utf16le') } : undefined,
  $date: (content) =>
    typeof content === 'string' || content === null ? { value: new Date(content ?? Number.NaN) } : undefined,
  $number: (content) =>
    typeof content === 'string' && /^(NaN|-?Infinity|-0)$/.test(content)
      ? { value: Number(content) }
      : undefined,
  $bigint: (content) =>
    typeof content === 'string' && /^-?\d+$/.test(content) ? { value: BigInt(content) } : undefined,
  $undefined: (content) => (content === true ? { value: undefined } : undefined),
  $map: (content, decode) => {
    const pairs = decodePairs(content, decode);
    return pairs && { value: new Map(pairs) };
  },
  $set: (content, decode) => (Array.isArray(content) ? { value: new Set(content.map(decode)) } : undefined),
  $object: (content, decode) => {
    const pairs = decodePairs(content, decode);
    return pairs && { value: Object.fromEntries(pairs) };
  },
};

function decodePairs(
  content: unknown,
  decode: (encoded: unknown) => unknown,
): [PropertyKey, unknown][] | undefined {
  if (!Array.isArray(content)) return undefined;
  const isPair = (pair: unknown) => Array.isArray(pair) && pair.length === 2;
  if (!content.every(isPair)) return undefined;
  return content.map(([key, value]: unknown[]) => [decode(key) as PropertyKey, decode(value)]);
}

/** Tells whether an object looks like a tag. */
export function isTagged(object: object): boolean {
  const keys = Object.keys(object);
  return keys.length === 1 && Object.hasOwn(readers, keys[0] ?? '');
}

const DEEPEST = 1000;

/** Decodes the result of `encodeValue`. Never throws: other data stays unchanged. */
export function decodeValue(encoded: unknown): unknown {
  return decodeAt(0, encoded);
}

function decodeAt(depth: number, encoded: unknown): unknown {
  if (typeof encoded !== 'object' || encoded === null || depth > DEEPEST) return encoded;
  const decode = (inner: unknown) => decodeAt(depth + 1, inner);
  if (Array.isArray(encoded)) return encoded.map(decode);
  const entries = Object.entries(encoded);
  const [tag, content] = entries.length === 1 ? (entries[0] ?? []) : [];
  const read = tag !== undefined && Object.hasOwn(readers, tag) ? readers[tag]?.(content, decode) : undefined;
  return read ? read.value : Object.fromEntries(entries.map(([key, value]) => [key, decode(value)]));
}
