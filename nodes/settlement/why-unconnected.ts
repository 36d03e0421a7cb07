import type { RuntimeNode } from './runtime-node.ts';

/** Nodes that only forward messages. */
const PASSES_ON = new Set(['junction', 'link in', 'link out']);

/** Returns why no node gets messages from an output (counted from 0) and what to do, or undefined. */
export function whyUnconnected(node: RuntimeNode, output: number): string | undefined {
  const ids = node.wires?.[output] ?? [];
  const isOnly = (node.wires?.length ?? 0) < 2;
  const name = isOnly ? 'the output' : `output ${output + 1}`;
  if (ids.length === 0) return `connect ${name} to a node`;
  return reaches(node, ids, new Set())
    ? undefined
    : `only disabled nodes at ${name}: enable them, or connect others`;
}

function reaches(from: RuntimeNode, ids: string[], seen: Set<string>): boolean {
  return ids.some((id) => {
    if (seen.has(id)) return false;
    seen.add(id);
    const next = from._flow?.getNode(id) as RuntimeNode | null | undefined;
    if (!next) return false;
    if (!PASSES_ON.has(next.type)) return true;
    return reaches(next, next.wires?.flat() ?? [], seen);
  });
}
