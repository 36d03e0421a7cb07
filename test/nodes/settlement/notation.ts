/** A short notation for the JSON of flows. */

/** A part of a flow: a node, configuration node, tab or subflow. */
export interface Part {
  type: string;
  [property: string]: unknown;
}

export interface FlowItem extends Part {
  id: string;
}

/** A node. Each of `outputs` lists the IDs of the wired nodes, separated by blanks. */
export function node(type: string, properties: object = {}, ...outputs: string[]): Part {
  return {
    type,
    x: 0,
    y: 0,
    z: 'tab',
    ...properties,
    wires: outputs.map((output) => output.split(' ').filter(Boolean)),
  };
}

/** A configuration node. */
export function config(type: string, properties: object = {}): Part {
  return { type, ...properties };
}

/** A subflow whose input is wired to `first` and output to `last`; `z` of its nodes is the subflow's ID. */
export function subflow(first: string, last: string): Part {
  return {
    type: 'subflow',
    name: 'subflow',
    in: [{ x: 0, y: 0, wires: [{ id: first }] }],
    out: [{ x: 0, y: 0, wires: [{ id: last, port: 0 }] }],
  };
}

/** A tab `tab` with these nodes; the keys are their IDs. */
export function flow(nodes: Record<string, Part>): FlowItem[] {
  const items = Object.entries(nodes).map(([id, part]) => ({ ...part, id }));
  return [{ id: 'tab', type: 'tab', label: 'tab' }, ...items];
}
