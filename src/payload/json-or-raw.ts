import { DecodeError } from '../base/errors.ts';
import { rawPayload } from '../values/raw-payload.ts';
import type { Decoded } from './define-format.ts';
import { json } from './json.ts';

const BYTE_ORDER_MARK = Buffer.from('\uFEFF');

/** Decodes like flowerpower-mqtt 0.2.2, whose listener tries JSON only, and takes its null for no JSON. */
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
