import type { FlowNode } from '../../helpers/node-red.ts';

/** One mistake that a person can make in a flow. */
export interface Mistake {
  title: string;
  /** Makes the mistake in a chain that works. */
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
