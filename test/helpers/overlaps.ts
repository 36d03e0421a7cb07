import type { Editor } from './editor.ts';

interface Box {
  name: string;
  left: number;
  right: number;
  top: number;
  bottom: number;
  /** The group that contains this box. */
  within?: string;
}

/** Returns pairs of overlapping nodes and groups of the open tab, as drawn by the editor. */
export async function overlaps(editor: Editor): Promise<string[]> {
  await editor.page.waitForFunction(
    'RED.nodes.filterNodes({ z: RED.workspaces.active() }).every(({ w, h }) => w > 0 && h > 0)',
  );
  const boxes = await editor.page.evaluate<Box[]>(`[
    ...RED.nodes.filterNodes({ z: RED.workspaces.active() }).map(({ id, x, y, w, h, g }) =>
      ({ name: id, left: x - w / 2, right: x + w / 2, top: y - h / 2, bottom: y + h / 2, within: g })),
    ...RED.nodes.groups(RED.workspaces.active()).map(({ id, x, y, w, h }) =>
      ({ name: id, left: x, right: x + w, top: y, bottom: y + h })),
  ]`);
  return boxes.flatMap((one, index) =>
    boxes
      .slice(index + 1)
      .filter((other) => one.within !== other.name && cover(one, other))
      .map((other) => `${one.name} and ${other.name}`),
  );
}

function cover(one: Box, other: Box): boolean {
  return one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;
}
