import type { FlowNode } from '../../fp-yaml/flow-node.ts';

const PREFIX = 8;

/**
 * All nodes of the editor, with those that were made from a file earlier brought up to date: what the file says is
 * taken from `made`; properties that it does not speak of, other nodes on the tab, and wires to them stay.
 */
export function merged(
  all: FlowNode[],
  made: FlowNode[],
  defaultsOf: (type: string) => Record<string, unknown>,
): FlowNode[] {
  const prefix = made[0]?.id.slice(0, PREFIX) ?? '';
  const isMade = (id: unknown) => typeof id === 'string' && id.startsWith(prefix);
  const fresh = new Map(made.map((node) => [node.id, node]));
  const isGone = (id: unknown) => isMade(id) && !fresh.has(String(id));
  const known = new Set(all.map(({ id }) => id));
  const kept = all.filter(({ id }) => !isGone(id));
  return [
    ...kept.map((node) => {
      const anew = fresh.get(node.id);
      return anew ? updated(node, anew, isMade) : withoutWires(node, isGone);
    }),
    ...made.filter(({ id }) => !known.has(id)).map((node) => ({ ...defaultsOf(node.type), ...node })),
  ];
}

function updated(old: FlowNode, anew: FlowNode, isMade: (id: unknown) => boolean): FlowNode {
  const node = { ...old, ...anew, ...sizeOf(old) };
  // What the user wired to nodes of his own, and put into a group.
  if (anew.wires && old.wires) {
    const own = old.wires.map((ids) => ids.filter((id) => !isMade(id)));
    const outputs = Math.max(anew.wires.length, own.length);
    node.wires = Array.from({ length: outputs }, (_, i) => [...(anew.wires?.[i] ?? []), ...(own[i] ?? [])]);
  }
  if (Array.isArray(anew['nodes']) && Array.isArray(old['nodes'])) {
    node['nodes'] = [
      ...(anew['nodes'] as string[]),
      ...(old['nodes'] as string[]).filter((id) => !isMade(id)),
    ];
  }
  return node;
}

/** The editor itself fits a group to its nodes. */
function sizeOf({ type, x, y, w, h }: FlowNode): object {
  return type === 'group' ? { x, y, w, h } : {};
}

function withoutWires(node: FlowNode, isGone: (id: unknown) => boolean): FlowNode {
  if (!node.wires?.flat().some(isGone)) return node;
  return { ...node, wires: node.wires.map((ids) => ids.filter((id) => !isGone(id))) };
}
