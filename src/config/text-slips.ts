import { sections } from './config.ts';
import type { Mistake } from './document-mistakes.ts';

const KEYS = Object.entries(sections).flatMap(([section, options]) => [section, ...Object.keys(options)]);

const MISSING_SPACE = new RegExp(`^\\s*(?:-\\s+)?(?<key>${KEYS.filter(Boolean).join('|')}):(?=\\S)`);
const TEMPLATE = /\{\{/;
/** Braces end a map that is written in braces. */
const VARIABLE_IN_BRACES = /\{.*?(?<variable>\$\{\w+\})/;

/**
 * What people often write that YAML reads as something else, line by line. For a text that is no config as it stands: a right
 * one may have such a line within a longer text.
 */
export function textSlips(text: string): Mistake[] {
  let begin = 0;
  return text.split('\n').flatMap((line) => {
    const offset = begin;
    begin += line.length + 1;
    const slip = slipIn(withoutQuoted(line));
    return slip ? [{ offset: offset + slip.column, message: slip.message }] : [];
  });
}

function slipIn(line: string): { column: number; message: string } | undefined {
  const template = TEMPLATE.exec(line);
  if (template) {
    const message = '{{ }} is for templates: write the value itself, or ${NAME} for an environment variable';
    return { column: template.index, message };
  }
  const variable = VARIABLE_IN_BRACES.exec(line)?.groups?.['variable'];
  if (variable !== undefined) {
    return {
      column: line.indexOf(variable),
      message: `put quotes around it: "${variable}", for braces end the map here`,
    };
  }
  const key = MISSING_SPACE.exec(line)?.groups?.['key'];
  if (key === undefined) return undefined;
  return {
    column: line.indexOf(key),
    message: `a space is missing: write ${key}: and the value behind a space`,
  };
}

/** Quoted text and comments, as blanks of the same length. */
function withoutQuoted(line: string): string {
  return line.replaceAll(/"(?:[^"\\]|\\.)*"|'[^']*'|(?<=^|\s)#.*/g, (quoted) => ' '.repeat(quoted.length));
}
