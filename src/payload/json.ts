import { unmarked, withMarks } from '../exact-json.ts';
import { bounded } from './bounded.ts';
import { exactNumber } from './exact-number.ts';
import { mapLeaves } from './map-leaves.ts';
import { reader } from './reader.ts';
import { text } from './text.ts';

/** JSON in UTF-8 (RFC 8259); integers that a number cannot hold become bigints. */
export const json = reader({
  otherwise: 'not JSON',
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
