import type { Node, NodeAPI } from 'node-red';
import { sharedNodeRed, type FlowNode } from '../../helpers/node-red.ts';

/** The function that a node's file exports. */
export type NodeFile = (RED: NodeAPI) => void;

/** The shared Node-RED, with additional nodes of a suite. */
export interface NodeRed {
  RED: NodeAPI & { hooks: { has(hook: string): boolean } };
  url: string;
  node(id: string): Node;
  deploy(flows: FlowNode[], type?: 'full' | 'nodes' | 'flows'): Promise<void>;
  /** Removes the suite's flows. */
  stop(): Promise<void>;
}

const registered = new Set<string>();

export async function startNodeRed({ nodes }: { nodes: Record<string, NodeFile> }): Promise<NodeRed> {
  const { RED, url, node, deploy } = await sharedNodeRed();
  await deploy([]);
  for (const [type, file] of Object.entries(nodes)) {
    if (!registered.has(type)) file(apiOfSet(RED, type));
    registered.add(type);
  }
  return { RED, url, node, deploy, stop: () => deploy([]) };
}

/** Node-RED passes each node set its own RED object, whose `registerType` knows the set. */
function apiOfSet(RED: NodeAPI, set: string): NodeAPI {
  const runtime = RED.nodes as unknown as { registerType(set: string, type: string, node: unknown): void };
  const registerType = (type: string, node: unknown) => runtime.registerType(`test/${set}`, type, node);
  const nodes = Object.assign(Object.create(RED.nodes) as NodeAPI['nodes'], { registerType });
  return { hooks: RED.hooks, events: RED.events, nodes } as NodeAPI;
}
