import { DecodeError } from '../errors.ts';
import { bounded } from './bounded.ts';
import { text } from './text.ts';

/** JSON in UTF-8 (RFC 8259). */
export function json(payload: Buffer): unknown {
  const source = text(payload);
  const remedy = 'send JSON or choose the format auto, text or buffer';
  if (source.trim() === '') throw new DecodeError(`the payload is empty, JSON is not: ${remedy}`, payload);
  try {
    return bounded(JSON.parse(source), payload);
  } catch (cause) {
    if (cause instanceof DecodeError) throw cause;
    const { message } = cause as SyntaxError;
    throw new DecodeError(`the payload is not JSON: ${message}: ${remedy}`, payload, { cause });
  }
}
