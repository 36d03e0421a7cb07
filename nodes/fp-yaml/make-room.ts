import type { FlowNode } from './flow-node.ts';
import { ROW, widthOf } from './layout.ts';

/** Distance from the centre of a group's last node to the edge of the group. */
const EDGE = 40;

/**
 * Adds a node to the editor's nodes: in the position of the removed node `gone`, or below the last node of its type.
 * Moves nodes below its group down.
 */
export function withNode(all: FlowNode[], node: FlowNode, gone: FlowNode | undefined): FlowNode[] {
  if (node.y === undefined) return [...all, node];
  const neighbour = gone ?? lowest(all.filter(({ type, z }) => type === node.type && z === node.z));
  const { g: _group, ...others } = node;
  if (!neighbour) return [...all, { ...others, y: (lowest(onTab(all, node))?.y ?? 0) + ROW }];
  const x = sameLeft(neighbour, node);
  const y = gone?.y ?? freeBelow(neighbour, onTab(all, node));
  const group = neighbour['g'];
  const placed: FlowNode = { ...others, x, y, ...(group !== undefined && { g: group }) };
  return [...withRoom(all, group, y), placed].map((one) =>
    one.id === group ? { ...one, nodes: [...(one['nodes'] as string[]), node.id] } : one,
  );
}

function onTab(all: FlowNode[], { z }: FlowNode): FlowNode[] {
  return all.filter((node) => node.z === z && node.type !== 'group' && node.y !== undefined);
}

function lowest(nodes: FlowNode[]): FlowNode | undefined {
  return nodes.toSorted((a, b) => (b.y ?? 0) - (a.y ?? 0))[0];
}

/** Aligns the left edges of two nodes; the position of a node is its centre. */
function sameLeft(neighbour: FlowNode, node: FlowNode): number {
  return (neighbour.x ?? 0) + (widthOf(labelOf(node)) - widthOf(labelOf(neighbour))) / 2;
}

function labelOf({ type, name, topic }: FlowNode): string {
  return name || (typeof topic === 'string' ? topic : type);
}

function freeBelow(neighbour: FlowNode, others: FlowNode[]): number {
  const isTaken = (y: number) =>
    others.some((other) => {
      const reach = (widthOf(labelOf(other)) + widthOf(labelOf(neighbour))) / 2;
      return Math.abs((other.y ?? 0) - y) < ROW / 2 && Math.abs((other.x ?? 0) - (neighbour.x ?? 0)) < reach;
    });
  let y = (neighbour.y ?? 0) + ROW;
  while (isTaken(y)) y += ROW;
  return y;
}

/** Extends a group to contain a node at `y`, and moves the nodes below it down. */
function withRoom(all: FlowNode[], id: unknown, y: number): FlowNode[] {
  const group = all.find((node) => node.id === id);
  if (!group) return all;
  const [height, bottom] = [Number(group['h']), Number(group.y) + Number(group['h'])];
  const shift = Math.max(0, y + EDGE - bottom);
  return all.map((node) => {
    if (node === group) return { ...node, h: height + shift };
    const isBelow = node.z === group.z && node['g'] !== id && (node.y ?? 0) >= bottom;
    return isBelow ? { ...node, y: (node.y ?? 0) + shift } : node;
  });
}
