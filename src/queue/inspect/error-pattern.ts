/** Characters of an error that are compared. */
const LONGEST = 200;

/** What differs between errors with the same cause, and what it becomes; in this order. */
const VARIABLE: [RegExp, string][] = [
  // Not the apostrophe of a word.
  [/(?<!\w)(["'`])(?:(?!\1).)*\1(?!\w)/g, '$1…$1'],
  [/\b[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}\b/gi, '#'],
  [/\b0x[\da-f]+\b/gi, '#'],
  // IDs: long words with digits.
  [/\b(?=\w*\d\w*\d)\w{8,}\b/g, '#'],
  [/\d+(?:[.,:]\d+)*/g, '#'],
];

/** Returns the first line of an error without its numbers, IDs and quoted parts. */
export function errorPattern(error = ''): string {
  const line = (error.split('\n', 1)[0] ?? '').slice(0, LONGEST).trim();
  return VARIABLE.reduce((text, [part, sign]) => text.replaceAll(part, sign), line);
}
