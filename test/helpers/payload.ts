/** Payloads made by Python's libraries, and a function to decode one. */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openDecoder, type DecodeOptions } from '../../src/index.ts';
import type { PayloadFormat } from '../../src/payload/formats.ts';
import { flowerpowerPython } from './python.ts';
import { temporaryDirectory } from './servers.ts';

export interface Sample {
  format: PayloadFormat;
  name: string;
  data: Buffer;
  /** Expected value; undefined if the payload must be refused. */
  expected?: unknown;
  /** Expected part of the error. */
  refused?: string;
  /** Columns of a table. */
  schema?: string[];
  /** Further options of its format. */
  options: Pick<DecodeOptions, 'proto_file' | 'proto_message'>;
}

/** Decodes one payload. */
export async function decode(payload: Buffer, options?: DecodeOptions): Promise<unknown> {
  const decoder = openDecoder(options);
  try {
    return (await decoder.decode(payload)).payload;
  } finally {
    decoder.close();
  }
}

let made: Sample[] | undefined;

/** Returns payloads of every format. Needs a Python with the packages of test/requirements.txt. */
export function pythonSamples(): Sample[] {
  const script = join(__dirname, '../../../test/src/payload/make_samples.py');
  const run = () => execFileSync(flowerpowerPython ?? 'python3', ['-B', script], { maxBuffer: 2 ** 28 });
  made ??= run().toString().trim().split('\n').map(sampleOf);
  return made;
}

function sampleOf(line: string): Sample {
  const { data, expected, proto, ...others } = JSON.parse(line);
  const options = proto === undefined ? {} : { proto_file: protoFile(proto), proto_message: 'plant.Reading' };
  const meaning = expected === undefined ? {} : { expected: untagged(expected) };
  return { ...others, ...meaning, data: Buffer.from(data, 'base64'), options };
}

function protoFile(content: string): string {
  const file = join(temporaryDirectory('proto'), 'plant.proto');
  writeFileSync(file, content);
  return file;
}

function untagged(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(untagged);
  if (value === 'Infinity') return Infinity;
  if (typeof value !== 'object' || value === null) return value;
  const { $bigint, $buffer, $object } = value as Record<string, string> & { $object?: [string, unknown][] };
  if ($bigint !== undefined) return BigInt($bigint);
  if ($buffer !== undefined) return Buffer.from($buffer, 'base64');
  return Object.fromEntries(($object ?? []).map(([key, inner]) => [key, untagged(inner)]));
}
