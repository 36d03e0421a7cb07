import type { FlowNode } from '../../helpers/node-red.ts';
import { unique } from '../../helpers/unique.ts';
import { beside, chain, listening, page, withKey, working, type Places } from './chain.ts';
import type { Mistake, Part } from './mistake.ts';

/** A flow in which mistakes are made and corrected. */
export interface TrialFlow {
  /** Makes names unique. */
  key: string;
  /** The key of the flow whose jobs are those of this one. */
  worksIn: string;
  part: Part;
  /** Each mistake, and the IDs of the nodes that may show it. */
  mistakes: { mistake: Mistake; ids: string[] }[];
  /** The IDs of nodes that no mistake may touch. */
  untouched: string[];
  right: FlowNode[];
  wrong: FlowNode[];
}

/**
 * Returns the flows of all mistakes. The first one is a chain without a mistake on the way of messages and jobs: mistakes
 * beside a chain are made in copies of its nodes, and the jobs of flows that only listen run in it. Each other mistake has
 * a flow of its own.
 */
export function flowsOf(mistakes: Mistake[], places: Places): TrialFlow[] {
  const common = unique('trial');
  const isBeside = ({ part }: Mistake) => part === 'beside';
  const others = mistakes.filter((mistake) => !isBeside(mistake));
  return [
    commonFlow(common, mistakes.filter(isBeside), places),
    ...others.map((mistake) => ownFlow(mistake, common, places)),
  ];
}

function commonFlow(key: string, mistakes: Mistake[], places: Places): TrialFlow {
  const base = chain(key, places);
  const copies = mistakes.map((mistake, i) => {
    const nodes = beside().filter(({ id }) => id === mistake.node);
    const copied = (some: FlowNode[]) => withKey(`copy-${i}`, some);
    return { mistake, right: copied(nodes), wrong: copied(mistake.make(nodes)) };
  });
  const visible = (nodes: FlowNode[]) => visibleIds(withKey(key, nodes));
  return {
    key,
    worksIn: key,
    part: 'whole',
    mistakes: copies.map(({ mistake, right }) => ({ mistake, ids: visible(right) })),
    untouched: visible(base),
    right: withKey(key, [...base, ...copies.flatMap(({ right }) => right)]),
    wrong: withKey(key, [...base, ...copies.flatMap(({ wrong }) => wrong)]),
  };
}

function ownFlow(mistake: Mistake, common: string, places: Places): TrialFlow {
  const key = unique('trial');
  const { part } = mistake;
  const nodes = nodesOf(part, { key, common, places });
  const right = withKey(key, nodes);
  return {
    key,
    worksIn: part === 'listening' ? common : key,
    part,
    mistakes: [{ mistake, ids: visibleIds(right) }],
    untouched: [],
    right,
    wrong: withKey(key, mistake.make(nodes)),
  };
}

/** The editor shows no status of a config node. */
function visibleIds(nodes: FlowNode[]): string[] {
  return nodes.filter(({ z }) => z !== undefined).map(({ id }) => id);
}

interface Names {
  key: string;
  common: string;
  places: Places;
}

function nodesOf(part: Part, { key, common, places }: Names): FlowNode[] {
  switch (part) {
    case 'listening':
      return [page(key), ...listening(key, places, { queue: `${common}-queue` })];
    case 'working':
      return [page(key), ...working(key, places)];
    case 'beside':
    case 'whole':
    default:
      return chain(key, places);
  }
}
