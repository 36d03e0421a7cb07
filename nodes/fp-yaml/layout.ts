import type { FlowNode } from './flow-node.ts';

const LEFT = 60;
/** From one node to the one below. */
export const ROW = 60;
const GAP = 100;
const PADDING = 30;
/** About how wide a letter of a label is. */
const LETTER = 7;
const NARROWEST = 100;

/** A node in a part of the tab: in which column and row, from 0. */
export interface Cell {
  node: FlowNode;
  column: number;
  row: number;
  /** What the editor writes on the node. */
  label: string;
}

/** A labelled part of a tab; the columns of all parts stand below each other. */
export interface Part {
  id: string;
  name: string;
  cells: Cell[];
}

/** Gives each node its place and makes a group of each part, one below the other from `top` down. */
export function layOut(z: string, parts: Part[], top: number): FlowNode[] {
  const columns = columnsOf(parts.flatMap(({ cells }) => cells));
  const nodes: FlowNode[] = [];
  let y = top;
  for (const part of parts) {
    const group = groupAt(z, part, y);
    for (const { node, column, row, label } of part.cells) {
      // The editor places a node by its middle.
      const x = (columns[column] ?? LEFT) + widthOf(label) / 2;
      nodes.push({ ...node, z, g: group.id, x, y: y + PADDING + 30 + row * ROW });
    }
    const right = Math.max(...part.cells.map(({ column, label }) => (columns[column] ?? 0) + widthOf(label)));
    nodes.push({ ...group, w: right - LEFT + 2 * PADDING });
    y += group.h + 40;
  }
  return nodes;
}

function groupAt(z: string, { id, name, cells }: Part, y: number): FlowNode & { h: number } {
  const rows = Math.max(...cells.map(({ row }) => row)) + 1;
  return {
    id,
    type: 'group',
    z,
    name,
    style: { label: true },
    nodes: cells.map(({ node }) => node.id),
    x: LEFT - PADDING,
    y,
    h: rows * ROW + 2 * PADDING,
  };
}

/** Where each column begins: behind the widest node of the one before. */
function columnsOf(cells: Cell[]): number[] {
  const starts = [LEFT];
  const last = Math.max(...cells.map(({ column }) => column));
  for (let column = 0; column < last; column++) {
    const widths = cells.filter((cell) => cell.column === column).map(({ label }) => widthOf(label));
    starts.push((starts[column] ?? LEFT) + Math.max(...widths, NARROWEST) + GAP);
  }
  return starts;
}

/** A multiple of the editor's grid, as its own rule. */
export function widthOf(label: string): number {
  return Math.max(NARROWEST, 20 * Math.ceil((label.length * LETTER + 57) / 20));
}
