import { DecodeError } from '../errors.ts';

/** UTF-8 text, strictly: a byte order mark is left out, a byte that is not UTF-8 is an error. */
export function text(payload: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(payload);
  } catch (cause) {
    const place = `byte ${firstWrongByte(payload)}`;
    const remedy = 'send UTF-8 text or choose the format buffer';
    throw new DecodeError(`the payload is not UTF-8 text at ${place}: ${remedy}`, payload, { cause });
  }
}

/** Reading and writing again changes the bytes first where they are wrong. */
function firstWrongByte(payload: Buffer): number {
  const again = Buffer.from(payload.toString('utf8'));
  const index = payload.findIndex((byte, i) => byte !== again[i]);
  return index === -1 ? payload.length : index;
}
