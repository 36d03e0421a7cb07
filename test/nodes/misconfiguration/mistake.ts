import type { FlowNode } from '../../helpers/node-red.ts';

/**
 * What a mistake needs to show its effect: the part of a chain that makes jobs of messages, the part that runs jobs, one
 * more node beside a chain, or a whole chain.
 */
export type Part = 'listening' | 'working' | 'beside' | 'whole';

/** One mistake that a person can make in a flow. */
export interface Mistake {
  title: string;
  /** The ID of the node in a chain that has the mistake. */
  node: string;
  part: Part;
  /** Makes the mistake in the nodes of this part, which work. */
  make(nodes: FlowNode[]): FlowNode[];
  /**
   * What has to happen: `runs`: everything runs in spite of the mistake; `waits`: nothing is lost, and a node is red or
   * yellow; `either` of the two; `stays`: nothing is lost.
   */
  outcome: 'runs' | 'waits' | 'either' | 'stays';
  /** The node that everything reaches in the end. Default: `sink` */
  reaches?: 'sink' | 'run';
  /** Quality of service of the messages. Default: 1 */
  qos?: 1 | 2;
}
