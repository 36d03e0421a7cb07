import { createHash } from 'node:crypto';

/**
 * Gives ids for the nodes that are made from a file: the same for the same tab and key, so that a file that is
 * imported again finds its nodes. All ids of one tab begin alike.
 */
export function nodeIds(tab: string): (key: string) => string {
  const given = new Map<string, number>();
  return (key) => {
    const count = (given.get(key) ?? 0) + 1;
    given.set(key, count);
    return prefixOf(tab) + hash(`${key}/${count}`);
  };
}

/** What the ids of all nodes on a tab begin with. */
export function prefixOf(tab: string): string {
  return hash(`tab/${tab}`);
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8);
}
