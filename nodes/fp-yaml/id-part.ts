const LENGTH = 8;

/** Returns half an ID. The first half is the same for all nodes created for a tab. */
export function idPart(text: string): string {
  return text.slice(0, LENGTH);
}
