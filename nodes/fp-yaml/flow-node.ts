/** A node as a flow file has it. */
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
