import type { Made } from '../../fp-yaml/answers.ts';
import type { FlowNode } from '../../fp-yaml/flow-node.ts';
import { merged } from '../../fp-yaml/merge.ts';
import { red } from '../red.ts';

/** Tells whether the editor has nodes from an earlier import under this name. */
export function isThere({ nodes }: Made): boolean {
  return nodes.some(({ id, type }) =>
    type === 'tab' ? workspaceIds().has(id) : Boolean(red.nodes.node(id)),
  );
}

/** Adds or updates the nodes in the editor, in one step that can be undone. Returns false if nothing changes. */
export function placeNodes(made: Made): boolean {
  const tab = made.nodes[0]?.id ?? '';
  const changes = isThere(made) ? update(made) : add(made);
  red.workspaces.show(tab);
  return changes;
}

function add({ nodes }: Made): boolean {
  red.view.importNodes(nodes, {
    generateIds: false,
    addFlow: false,
    touchImport: true,
    applyNodeDefaults: true,
    notify: false,
  });
  return true;
}

/** Replaces all nodes of the editor, like its own merge of two flows. */
function update(made: Made): boolean {
  const before = red.nodes.createCompleteNodeSet();
  const after = merged(before, made, defaultsOf);
  const was = new Map(before.map((node) => [node.id, JSON.stringify(node)]));
  const changed = after.filter((node) => was.get(node.id) !== JSON.stringify(node)).map(({ id }) => id);
  if (changed.length === 0 && after.length === before.length) return false;
  const [changedBefore, moved] = [flags('changed', before), flags('moved', before)];
  const rev = red.nodes.version();
  const dirty = red.nodes.dirty();
  red.history.push({
    t: 'replace',
    config: before,
    changed: changedBefore,
    moved,
    complete: true,
    rev,
    dirty,
  });
  red.nodes.clear();
  for (const node of red.nodes.import(after).nodes) {
    if (changed.includes(node.id) || changedBefore[node.id]) node.changed = true;
    if (moved[node.id]) node.moved = true;
  }
  red.nodes.version(rev);
  red.nodes.dirty(true);
  red.view.redraw(true);
  red.palette.refresh();
  red.workspaces.refresh();
  red.sidebar.config.refresh();
  return true;
}

function flags(name: 'changed' | 'moved', nodes: FlowNode[]): Record<string, boolean> {
  return Object.fromEntries(nodes.map(({ id }) => [id, red.nodes.node(id)?.[name] ?? false]));
}

function defaultsOf(type: string): Record<string, unknown> {
  const defaults = Object.entries(red.nodes.getType(type)?.defaults ?? {});
  return Object.fromEntries(defaults.map(([name, { value }]) => [name, value]));
}

function workspaceIds(): Set<string> {
  const nodes = red.nodes.createCompleteNodeSet();
  return new Set(nodes.filter(({ type }) => type === 'tab').map(({ id }) => id));
}
