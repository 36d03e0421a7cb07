import type { ExecutionMode } from '../../src/base/model.ts';
import { outputsOf } from '../fp-subscribe/outputs.ts';
import type { Made } from './answers.ts';
import { isInFile, typesInFile } from './file-keys.ts';
import type { FlowNode } from './flow-node.ts';
import { idPart } from './id-part.ts';
import { withNode } from './make-room.ts';

/** Properties that refer to a config node. A file need not have TLS settings. */
const REFERENCES = ['broker', 'queue', 'project', 'tls'];

/**
 * Returns all nodes of the editor, and updates those from an earlier import: properties that the file sets are taken
 * from `made`, other properties and nodes stay unchanged.
 */
export function merged(
  all: FlowNode[],
  made: Pick<Made, 'nodes' | 'explicit' | 'deployedLogins'>,
  defaultsOf: (type: string) => Record<string, unknown>,
): FlowNode[] {
  const fresh = new Map(made.nodes.map((node) => [node.id, node]));
  const first = idPart(made.nodes[0]?.id ?? '');
  const isGone = ({ id }: FlowNode) => idPart(id) === first && !fresh.has(id);
  const kept = all.filter((node) => !isGone(node));
  const known = new Set(kept.map(({ id }) => id));
  const isUpdate = known.has(made.nodes[0]?.id ?? '');
  // On an existing tab, missing helper nodes were deleted by the user.
  const added = made.nodes.filter(({ id, type }) => !known.has(id) && (!isUpdate || typesInFile.has(type)));
  const ids = new Set([...kept, ...added].map(({ id }) => id));
  const isThere = (id: unknown) => typeof id === 'string' && ids.has(id);
  const updated = kept.map((node) => {
    const anew = fresh.get(node.id);
    const upToDate = anew
      ? updatedNode(node, anew, { explicit: made.explicit[node.id] ?? [], isThere })
      : node;
    const login = anew && updatedLogin(node, anew, made.deployedLogins);
    return withoutMissing({ ...upToDate, ...login }, isThere);
  });
  const complete = added.map((node) => withoutMissing({ ...defaultsOf(node.type), ...node }, isThere));
  return isUpdate ? placed(updated, complete, all.filter(isGone)) : [...updated, ...complete];
}

function placed(nodes: FlowNode[], added: FlowNode[], gone: FlowNode[]): FlowNode[] {
  const places = [...gone];
  return added.reduce((all, node) => {
    const index = places.findIndex(({ type, z }) => type === node.type && z === node.z);
    return withNode(all, node, index === -1 ? undefined : places.splice(index, 1)[0]);
  }, nodes);
}

interface Update {
  /** Properties that the file sets. */
  explicit: string[];
  isThere: (id: unknown) => boolean;
}

function updatedNode(old: FlowNode, anew: FlowNode, { explicit, isThere }: Update): FlowNode {
  const properties = Object.entries(anew).filter(([name]) => explicit.includes(name));
  const references = REFERENCES.filter((name) => name in anew && !isInFile(old.type, name)).map((name) => {
    const isKept = isThere(old[name]) && !(name === 'tls' && anew[name] !== '');
    return [name, isKept ? old[name] : anew[name]];
  });
  const updated = { ...old, ...Object.fromEntries([...properties, ...references]) };
  const wires = updatedWires(old, anew, updated);
  return wires ? { ...updated, wires } : updated;
}

/** Keeps the user's wires; an output without wires gets those of the import. */
function updatedWires(old: FlowNode, anew: FlowNode, updated: FlowNode): string[][] | undefined {
  if (!anew.wires) return undefined;
  if (old.type === 'fp-subscribe') {
    return outputsOf(updated).map((mode) => orElse(wiresFor(mode, old), wiresFor(mode, anew)));
  }
  const wires = anew.wires.map((ids, output) => orElse(old.wires?.[output], ids));
  return [...wires, ...(old.wires ?? []).slice(wires.length)];
}

/** Finds the wires by the output's mode, because its number depends on the node's mode. */
function wiresFor(mode: ExecutionMode, node: FlowNode): string[] | undefined {
  return node.wires?.[outputsOf(node).indexOf(mode)];
}

function orElse(ids: string[] = [], others: string[] = []): string[] {
  return ids.length > 0 ? ids : others;
}

/** Credentials that were typed but not deployed count as changed. */
function updatedLogin(
  { id, credentials }: FlowNode,
  anew: FlowNode,
  deployedLogins: string[],
): Pick<FlowNode, 'credentials'> {
  if (!anew.credentials || (!credentials && deployedLogins.includes(id))) return {};
  return { credentials: { ...credentials, ...anew.credentials } };
}

/** Removes wires to missing nodes, and missing members of a group. */
function withoutMissing(node: FlowNode, isThere: (id: unknown) => boolean): FlowNode {
  const { g, ...others } = node;
  return {
    ...(g === undefined || isThere(g) ? node : others),
    ...(node.wires && { wires: node.wires.map((ids) => ids.filter(isThere)) }),
    ...(node.type === 'group' && { nodes: (node['nodes'] as string[]).filter(isThere) }),
  };
}
