import { DecodeError } from '../base/errors.ts';

/** Decodes UTF-8 text without its byte order mark. @throws DecodeError at the first byte that is not UTF-8 */
export function text(payload: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(payload);
  } catch (cause) {
    const place = `byte ${firstWrongByte(payload)}`;
    const remedy = 'send UTF-8 text or choose the format buffer';
    throw new DecodeError(`the payload is not UTF-8 text at ${place}: ${remedy}`, payload, { cause });
  }
}

/** Decoding and encoding again replaces invalid bytes, so the first difference is the first invalid byte. */
function firstWrongByte(payload: Buffer): number {
  const again = Buffer.from(payload.toString('utf8'));
  const index = payload.findIndex((byte, i) => byte !== again[i]);
  return index === -1 ? payload.length : index;
}
