import { mistakeIn, type Rule } from '../../../src/options/rule.ts';
import { optionalConfigNode } from '../../../nodes/properties.ts';
import { allRules } from '../../../nodes/rules.ts';
import type { FlowNode } from '../../helpers/node-red.ts';
import { chain, changed } from './chain.ts';
import type { Mistake, Part } from './mistake.ts';

const rubbish: unknown[] = ['§ nonsense', -1, 1e99, {}];
const UNSET = '${FP_NOT_SET_X}';

export function isConfigType(type: string): boolean {
  return type.endsWith('-config');
}

/** Every property of these node types: wrong, missing where it is required, and an environment variable that is not set. */
export function propertyMistakes(isWanted: (type: string) => boolean): Mistake[] {
  return Object.entries(allRules)
    .filter(([type]) => isWanted(type))
    .flatMap(([type, rules]) =>
      Object.entries<Rule<unknown>>(rules).flatMap(([property, rule]) =>
        valuesOf(rule, property, nodeOf(type)).map(({ kind, value }) => ({
          title: `${type}, \`${property}\` ${kind}`,
          node: nodeOf(type).id,
          part: partOf(type),
          make: (nodes) => changed(nodes, nodeOf(type).id, { [property]: value }),
          outcome: 'waits',
        })),
      ),
    );
}

/** The node of a type in every chain; throws for a type that no chain has. */
export function nodeOf(type: string): FlowNode {
  const node = chain('any').find((one) => one.type === type);
  if (!node) throw new Error(`the chain has no ${type}`);
  return node;
}

const parts: Record<string, Part> = {
  'fp-mqtt-config': 'listening',
  'fp-subscribe': 'listening',
  'fp-enqueue': 'listening',
  'fp-worker': 'working',
  'fp-project-config': 'working',
  'fp-pipeline': 'working',
  'fp-job': 'working',
  'fp-stats': 'beside',
  'fp-control': 'beside',
  'fp-events': 'beside',
  'fp-schedule': 'beside',
};

/** The part that a mistake in a node of this type needs. */
export function partOf(type: string): Part {
  return parts[type] ?? 'whole';
}

function valuesOf(rule: Rule<unknown>, property: string, node: FlowNode) {
  const isWrong = (value: unknown) => mistakeIn(rule, property, { ...node, [property]: value }) !== undefined;
  const wrong = rule === optionalConfigNode ? 'no-such-node' : rubbish.find(isWrong);
  return [
    ...(wrong === undefined ? [] : [{ kind: `is ${JSON.stringify(wrong)}`, value: wrong }]),
    ...(isWrong(undefined) ? [{ kind: 'is missing', value: undefined }] : []),
    { kind: `is ${UNSET}`, value: UNSET },
  ];
}
