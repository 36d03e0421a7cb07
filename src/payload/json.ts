import { unmarked, withMarks } from '../values/exact-json.ts';
import { bounded } from './bounded.ts';
import { mapLeaves, exactNumber } from './map-leaves.ts';
import { defineFormat } from './define-format.ts';
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
