/** What is most likely a slip in a text, though it is one. */
export function oddIn(text: string): string | undefined {
  if (/[\u201c-\u201f\u2018-\u201b\u00ab\u00bb]/.test(text))
    return 'has typographic quotes: YAML takes " and \' only';
  if (/(?![\n\t])\p{Cc}/u.test(text)) return 'has a control character, which most editors do not show';
  return undefined;
}
