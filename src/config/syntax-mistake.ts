import type { YAMLParseError } from 'yaml';
import type { Mistake } from './document-mistakes.ts';

const INDENTATION = [
  'BAD_INDENT',
  'BLOCK_AS_IMPLICIT_KEY',
  'IMPOSSIBLE',
  'MISSING_CHAR',
  'MULTILINE_IMPLICIT_KEY',
  'UNEXPECTED_TOKEN',
];

/**
 * The first thing that keeps a text from being YAML, where a person has to change it. What else the parser finds follows
 * from it.
 */
export function syntaxMistake(text: string, errors: readonly YAMLParseError[]): Mistake[] {
  const [first] = errors.toSorted((a, b) => a.pos[0] - b.pos[0]);
  if (!first) return [];
  return [{ offset: placeOf(text, first), message: inWords(first) }];
}

function inWords({ code, message }: YAMLParseError): string {
  if (code === 'TAB_AS_INDENT') return 'this line begins with a tab: indent it with spaces';
  if (code === 'BAD_ALIAS') return 'a text that begins with * has to be in quotes';
  if (/quote/.test(message)) return 'a quote is opened before here and not closed';
  return INDENTATION.includes(code)
    ? 'the indentation is wrong: the keys of one map begin in the same column, and what belongs to a key further right'
    : message;
}

/** A line that is indented too far is taken for more of the value before it, and the parser points at that. */
function placeOf(text: string, { pos: [offset], code, message }: YAMLParseError): number {
  const lineStart = text.lastIndexOf('\n', offset - 1) + 1;
  const isInValue = /^\s*(?:-\s+)?[^\s-]/.test(text.slice(lineStart, offset));
  if (!isInValue || !INDENTATION.includes(code) || /quote/.test(message)) return offset;
  const next = /\n\s*(?=\S)/.exec(text.slice(offset));
  return next ? offset + next.index + next[0].length : offset;
}
