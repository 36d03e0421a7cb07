import { CST, Lexer } from 'yaml';

const DEEPEST = 100;
const MOST_ALIASES = 100;
const MOST_TOKENS = 100_000;

/**
 * Checks limits of a YAML text from its tokens, before it is parsed. The parser is recursive, and some hundred levels
 * can end the process. It searches all nodes for each alias, and takes up to three microseconds per token.
 *
 * The depth is an upper bound: each level of block style needs a column or an indicator.
 */
export function yamlMistake(text: string): string | undefined {
  let [flow, line, aliases, tokens] = [0, 0, 0, 0];
  for (const token of new Lexer().lex(text)) {
    const type = CST.tokenType(token);
    tokens++;
    if (type === 'newline') line = 0;
    if (type === 'alias') aliases++;
    if (type === 'flow-map-start' || type === 'flow-seq-start') flow++;
    if (type === 'flow-map-end' || type === 'flow-seq-end') flow = Math.max(0, flow - 1);
    if (flow === 0) line += columnsOf(type, token);
    if (flow + line > DEEPEST) return `it is nested or indented more than ${DEEPEST} levels or columns`;
    if (aliases > MOST_ALIASES) return `it has more than ${MOST_ALIASES} aliases`;
    if (tokens > MOST_TOKENS) return `it has more than ${MOST_TOKENS} tokens (words, punctuation and spaces)`;
  }
  return undefined;
}

function columnsOf(type: CST.TokenType | null, token: string): number {
  if (type === 'space') return token.length;
  return type === 'seq-item-ind' || type === 'explicit-key-ind' || type === 'map-value-ind' ? 1 : 0;
}
