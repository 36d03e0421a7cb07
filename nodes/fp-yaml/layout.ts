import type { FlowNode } from './flow-node.ts';

const LEFT = 60;
/** Distance between two rows. */
export const ROW = 60;
const GAP = 100;
const PADDING = 30;
/** Approximate width of a letter in a label. */
const LETTER = 7;
const NARROWEST = 100;

/** A node's column and row in a part of the tab, from 0. */
export interface Cell {
  node: FlowNode;
  column: number;
  row: number;
  /** Label of the node in the editor. */
  label: string;
}

/** A labelled part of a tab. The columns of all parts are aligned. */
export interface Part {
  id: string;
  name: string;
  cells: Cell[];
}

/** Positions the nodes, and creates a group for each part, from `top` down. */
export function layOut(z: string, parts: Part[], top: number): FlowNode[] {
  const columns = columnsOf(parts.flatMap(({ cells }) => cells));
  const nodes: FlowNode[] = [];
  let y = top;
  for (const part of parts) {
    const group = groupAt(z, part, y);
    for (const { node, column, row, label } of part.cells) {
      // The position of a node is its centre.
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

/** Returns the start of each column: after the widest node of the previous one. */
function columnsOf(cells: Cell[]): number[] {
  const starts = [LEFT];
  const last = Math.max(...cells.map(({ column }) => column));
  for (let column = 0; column < last; column++) {
    const widths = cells.filter((cell) => cell.column === column).map(({ label }) => widthOf(label));
    starts.push((starts[column] ?? LEFT) + Math.max(...widths, NARROWEST) + GAP);
  }
  return starts;
}

/** Returns the width of a node like the editor: a multiple of its grid. */
export function widthOf(label: string): number {
  return Math.max(NARROWEST, 20 * Math.ceil((label.length * LETTER + 57) / 20));
}
