import { OptionsError } from '../../base/errors.ts';
import type { PageRequest, Position } from '../store/queue-access.ts';

type List = Pick<PageRequest, 'order'> & { state: string };

/** Encodes the end of a page as text. */
export function writeCursor({ state, order }: List, position: Position): string {
  return Buffer.from(JSON.stringify([state, order, ...position])).toString('base64url');
}

/**
 * Decodes a cursor.
 *
 * @throws OptionsError if the cursor belongs to another list
 */
export function readCursor(list: List, cursor: string): Position {
  const [state, order, ...position] = parse(cursor);
  const isOfList = state === list.state && order === list.order && position.every(isPart);
  if (!isOfList)
    throw new OptionsError(['cursor must be the `next` of a page with the same state and order']);
  return position.filter(isPart);
}

function parse(cursor: string): unknown[] {
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
}

function isPart(part: unknown): part is string | number {
  return typeof part === 'string' || typeof part === 'number';
}
