/** A node in a flow file. */
export interface FlowNode {
  id: string;
  type: string;
  z?: string;
  name?: string;
  x?: number;
  y?: number;
  wires?: string[][];
  credentials?: Record<string, unknown>;
  [property: string]: unknown;
}
