import type * as MessagePack from '@msgpack/msgpack';
import { stringify } from 'yaml';
import { OptionsError } from '../base/errors.ts';
import { stringifyExact } from '../values/exact-json.ts';
import { loadLibrary } from '../base/load-library.ts';
import type { PayloadFormat } from './formats.ts';

/**
 * Writes a value in a format that `openDecoder` reads back: json, yaml, msgpack, text or buffer.
 *
 * @throws OptionsError for a read-only format, TypeError for a value that the format cannot represent
 */
export function encode(value: unknown, format: PayloadFormat): Buffer {
  switch (format) {
    case 'auto':
    case 'json':
      return Buffer.from(stringifyExact(value));
    case 'yaml':
      return Buffer.from(stringify(value));
    case 'msgpack': {
      const { encode: write } = loadLibrary<typeof MessagePack>('@msgpack/msgpack');
      return Buffer.from(write(value, { useBigInt64: true, ignoreUndefined: true }));
    }
    case 'text':
      return Buffer.from(typeof value === 'string' ? value : stringifyExact(value));
    case 'buffer':
      if (value instanceof Uint8Array) return Buffer.from(value);
      throw new TypeError('the format buffer needs bytes');
    case 'pickle':
    case 'protobuf':
    case 'pyarrow':
    default:
      throw new OptionsError([`${format} is read-only: write json, yaml, msgpack, text or buffer`]);
  }
}
