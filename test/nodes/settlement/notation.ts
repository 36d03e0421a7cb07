/** Flows in short, as the JSON that Node-RED deploys. */

/** What a flow is made of: nodes, configuration nodes, tabs, subflows. */
export interface Part {
  type: string;
  [property: string]: unknown;
}

export interface FlowItem extends Part {
  id: string;
}

/** A node; each of `outputs` lists the ids it is wired to, separated by blanks. */
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

/** A subflow with one input and one output, wired to the nodes named; its nodes have `z` set to the subflow's id. */
export function subflow(first: string, last: string): Part {
  return {
    type: 'subflow',
    name: 'subflow',
    in: [{ x: 0, y: 0, wires: [{ id: first }] }],
    out: [{ x: 0, y: 0, wires: [{ id: last, port: 0 }] }],
  };
}

/** A tab `tab` with these nodes; the keys are their ids. */
export function flow(nodes: Record<string, Part>): FlowItem[] {
  const items = Object.entries(nodes).map(([id, part]) => ({ ...part, id }));
  return [{ id: 'tab', type: 'tab', label: 'tab' }, ...items];
}
