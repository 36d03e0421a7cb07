import type { ExecutionMode } from '../../src/model.ts';
import { outputsOf } from '../fp-subscribe/outputs.ts';
import type { Made } from './answers.ts';
import { isInFile, typesInFile } from './file-keys.ts';
import type { FlowNode } from './flow-node.ts';
import { idPart } from './id-part.ts';
import { withNode } from './make-room.ts';

/** Properties that name a config node; of the TLS settings a file may say nothing. */
const REFERENCES = ['broker', 'queue', 'project', 'tls'];

/**
 * All nodes of the editor, with those that were made from a file earlier brought up to date: what the file says is
 * taken from `made`; everything else, of these nodes too, stays as the user left it.
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
  // On a tab that is there, what is missing and not in the file was deleted by the user.
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
  /** The properties that the file speaks of. */
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

/** The wires of the user; an output that has none gets those of the file. */
function updatedWires(old: FlowNode, anew: FlowNode, updated: FlowNode): string[][] | undefined {
  if (!anew.wires) return undefined;
  if (old.type === 'fp-subscribe') {
    return outputsOf(updated).map((mode) => orElse(wiresFor(mode, old), wiresFor(mode, anew)));
  }
  const wires = anew.wires.map((ids, output) => orElse(old.wires?.[output], ids));
  return [...wires, ...(old.wires ?? []).slice(wires.length)];
}

/** Another mode may give an output another number, but what it is for stays. */
function wiresFor(mode: ExecutionMode, node: FlowNode): string[] | undefined {
  return node.wires?.[outputsOf(node).indexOf(mode)];
}

function orElse(ids: string[] = [], others: string[] = []): string[] {
  return ids.length > 0 ? ids : others;
}

/** Credentials that were typed and are not deployed yet count as others. */
function updatedLogin(
  { id, credentials }: FlowNode,
  anew: FlowNode,
  deployedLogins: string[],
): Pick<FlowNode, 'credentials'> {
  if (!anew.credentials || (!credentials && deployedLogins.includes(id))) return {};
  return { credentials: { ...credentials, ...anew.credentials } };
}

/** Without wires to nodes that do not exist, and a group without such members. */
function withoutMissing(node: FlowNode, isThere: (id: unknown) => boolean): FlowNode {
  const { g, ...others } = node;
  return {
    ...(g === undefined || isThere(g) ? node : others),
    ...(node.wires && { wires: node.wires.map((ids) => ids.filter(isThere)) }),
    ...(node.type === 'group' && { nodes: (node['nodes'] as string[]).filter(isThere) }),
  };
}
