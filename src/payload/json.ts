import { DecodeError } from '../base/errors.ts';
import { unmarked, withMarks } from '../values/exact-json.ts';
import { rawPayload } from '../values/raw-payload.ts';
import { bounded, defineFormat, exactNumber, mapLeaves, type Decoded } from './define-format.ts';
import { text } from './text.ts';

/** Reads JSON in UTF-8 (RFC 8259). Integers too large for a number become bigints. */
export const json = defineFormat({
  description: 'not JSON',
  remedy: 'send JSON or choose the format auto, text or buffer',
  read(payload) {
    const source = text(payload);
    if (source.trim() === '') throw new Error('it is empty');
    const value: unknown = JSON.parse(source);
    if (!/\d{16}/.test(source)) return value;
    const marked = bounded(JSON.parse(withMarks(source)), payload);
    return mapLeaves(marked, (inner) => exactNumber(unmarked(inner)));
  },
});

const BYTE_ORDER_MARK = Buffer.from('\uFEFF');

/** Decodes like flowerpower-mqtt 0.2.2: its listener only tries JSON, and treats `null` as not JSON. */
export function jsonOrRaw(payload: Buffer): Decoded {
  if (payload.subarray(0, 3).equals(BYTE_ORDER_MARK)) return { payload: rawPayload(payload) };
  try {
    const decoded = json(payload);
    if (decoded.payload !== null) return decoded;
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
  }
  return { payload: rawPayload(payload) };
}
