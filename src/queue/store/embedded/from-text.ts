type Read = (text: string) => unknown;

const toNumber: Read = Number;
const toDate: Read = (text) => new Date(text);
const toLocalDay: Read = (text) => new Date(`${text}T00:00`);
const toBoolean: Read = (text) => text === 't';
const toJson: Read = (text) => JSON.parse(text) as unknown;
const toBytes: Read = (text) => Buffer.from(text.slice(2), 'hex');
const toText: Read = (text) => text;

/** Converters for the types that node-postgres does not return as text, by OID (PostgreSQL catalog pg_type). */
const READ = new Map<number, Read>([
  [16, toBoolean],
  [17, toBytes],
  [21, toNumber],
  [23, toNumber],
  [26, toNumber],
  [114, toJson],
  [700, toNumber],
  [701, toNumber],
  [1082, toLocalDay],
  [1114, toDate],
  [1184, toDate],
  [3802, toJson],
]);

/** Converters of array elements, by OID of the array type. int8 stays text, because a number would lose digits. */
const ELEMENTS = new Map<number, Read>([
  [199, toJson],
  [1000, toBoolean],
  [1005, toNumber],
  [1007, toNumber],
  [1009, toText],
  [1015, toText],
  [1016, toText],
  [1021, toNumber],
  [1022, toNumber],
  [1028, toNumber],
  [1185, toDate],
  [1231, toNumber],
  [3807, toJson],
]);

/** Converts the value of a column like node-postgres; unlisted types stay text. */
export function fromText(text: string | null, type: number): unknown {
  if (text === null) return null;
  const element = ELEMENTS.get(type);
  if (element) return readArray(text, element);
  return (READ.get(type) ?? toText)(text);
}

/** An opening or closing brace, a quoted element, or a plain one (PostgreSQL, "Array Input and Output Syntax"). */
const TOKEN = /([{}])|"((?:[^"\\]|\\.)*)"|([^{},"]+)/gs;

function readArray(text: string, read: Read): unknown {
  const root: unknown[] = [];
  const open = [root];
  // Skip bounds before the first brace.
  for (const [, brace, quoted, plain] of text.slice(text.indexOf('{')).matchAll(TOKEN)) {
    if (brace === '{') {
      const inner: unknown[] = [];
      open.at(-1)?.push(inner);
      open.push(inner);
    } else if (brace === '}') {
      open.pop();
    } else if (plain === 'NULL') {
      open.at(-1)?.push(null);
    } else {
      open.at(-1)?.push(read(plain ?? (quoted ?? '').replaceAll(/\\(.)/gs, '$1')));
    }
  }
  return root[0];
}
