import { DecodeError } from '../errors.ts';
import { json } from './json.ts';
import { text } from './text.ts';

/** JSON where the bytes are JSON, else text where they are UTF-8, else the bytes; never an error. */
export function auto(payload: Buffer): unknown {
  for (const decoder of [json, text]) {
    try {
      return decoder(payload);
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
    }
  }
  return payload;
}
