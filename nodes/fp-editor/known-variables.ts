import { red, type EditorNode } from './red.ts';

/** Variables that Node-RED sets for each node. */
const BUILT_IN = /^NR_/;

/** Tells whether a variable is set for a node in the editor: by its group, tab or subflow, or globally. */
export function isKnownVariable(name: string, node: EditorNode): boolean {
  return BUILT_IN.test(name) || [...globalEnv(), ...envAround(node)].includes(name);
}

function globalEnv(): string[] {
  const names: string[] = [];
  red.nodes.eachConfig((config) => {
    if (config.type === 'global-config') names.push(...envOf(config));
  });
  return names;
}

/** Variables set by the node's groups and tab, or by its subflow and the subflow's instances. */
function envAround({ g = '', z = '' }: EditorNode): string[] {
  const group = red.nodes.group(g);
  const subflow = red.nodes.subflow(z);
  const instances = subflow ? red.nodes.filterNodes({ type: `subflow:${subflow.id}` }) : [];
  const around = group ? [group] : [red.nodes.workspace(z), subflow, ...instances];
  return around.flatMap((place) => (place ? [...envOf(place), ...envAround(place)] : []));
}

function envOf({ env = [] }: EditorNode): string[] {
  return env.map(({ name }) => name);
}
