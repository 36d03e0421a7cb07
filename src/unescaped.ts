/** Decodes a part of a URL; returns it unchanged if it has an invalid escape. */
export function unescaped(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
