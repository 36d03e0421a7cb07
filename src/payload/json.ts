import { reader } from './reader.ts';
import { text } from './text.ts';

/** JSON in UTF-8 (RFC 8259). */
export const json = reader({
  otherwise: 'not JSON',
  remedy: 'send JSON or choose the format auto, text or buffer',
  read(payload) {
    const source = text(payload);
    if (source.trim() === '') throw new Error('it is empty');
    return JSON.parse(source);
  },
});
