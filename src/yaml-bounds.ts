import { CST, Lexer } from 'yaml';

const DEEPEST = 100;
const MOST_ALIASES = 100;
const MOST_TOKENS = 100_000;

/**
 * What in a YAML text could hurt its parser, if anything, from its tokens alone. The parser calls itself for each level,
 * and some hundred levels can end the process; it looks for each alias among all nodes; and it takes up to three
 * microseconds for a token.
 *
 * A level of block style takes a column or an indicator, so that the depth found is an upper bound.
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
    if (tokens > MOST_TOKENS) return `it has more than ${MOST_TOKENS} words, marks and gaps`;
  }
  return undefined;
}

function columnsOf(type: CST.TokenType | null, token: string): number {
  if (type === 'space') return token.length;
  return type === 'seq-item-ind' || type === 'explicit-key-ind' || type === 'map-value-ind' ? 1 : 0;
}
