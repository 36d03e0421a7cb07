const LENGTH = 8;

/** Half of an id: the first one is the same for all nodes that were made for one tab. */
export function idPart(text: string): string {
  return text.slice(0, LENGTH);
}
