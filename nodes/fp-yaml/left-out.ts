import { mistakeIn, type Rule } from '../../src/options/rule.ts';
import { rulesOf } from '../rules.ts';
import { isInFile } from './file-keys.ts';
import type { FlowNode } from './flow-node.ts';

/** A tab and the exported part of it. */
export interface Exported {
  tab: FlowNode | undefined;
  nodes: FlowNode[];
  /** Not exported: a file has only enabled nodes. */
  disabled: FlowNode[];
  configs: FlowNode[];
  /** Further config nodes and workers: a file has one of each type. */
  several: FlowNode[];
}

/** Properties that refer to a config node. */
const references = ['broker', 'queue', 'project'];

/** Maximum number of nodes that an import creates, by type. */
const MADE: Record<string, number> = {
  'fp-subscribe': Infinity,
  'fp-worker': Infinity,
  'fp-enqueue': 1,
  'fp-pipeline': 2,
  'fp-stats': 1,
  inject: 1,
  debug: Infinity,
  comment: Infinity,
  group: Infinity,
};

/** Defaults of other packages' nodes. */
const otherDefaults: Record<string, Record<string, unknown>> = {
  inject: { repeat: '', crontab: '', once: false },
  'tls-config': { alpnprotocol: '' },
};

/** Describes the parts of a tab that are not exported, one sentence each. */
export function leftOut({ tab, nodes, disabled, configs, several }: Exported): string[] {
  const inactive = configs.filter(({ d }) => d === true).map(label);
  return [
    ...several.map((node) => `${label(node)} is left out: a file has one ${node.type}`),
    ...disabled
      .filter(({ type }) => type in MADE)
      .map((node) => `${label(node)} is disabled: it is left out`),
    ...[...(tab?.['disabled'] === true ? ['the tab'] : []), ...inactive].map(
      (what) => `${what} is disabled: the file does not say so`,
    ),
    ...otherNodes([...nodes, ...disabled]),
    ...[...nodes, ...configs].flatMap(settings),
    ...configs.filter(hasTlsSecrets).map(tlsSecrets),
  ];
}

function otherNodes(nodes: FlowNode[]): string[] {
  const types = [...new Set(nodes.map(({ type }) => type))];
  const others = types.filter((type) => !(type in MADE));
  const counts = types.map((type) => [type, nodes.filter((node) => node.type === type).length] as const);
  return [
    ...(others.length > 0 ? [`nodes of other kinds are left out: ${others.join(', ')}`] : []),
    ...counts
      .filter(([type, count]) => count > (MADE[type] ?? Infinity))
      .map(([type, count]) => `${count} nodes ${type}: an import makes ${MADE[type]}`),
  ];
}

/** Describes settings that are not exported, without their values, which may contain a password. */
function settings(node: FlowNode): string[] {
  const { type } = node;
  const names = [
    ...Object.entries(rulesOf(type))
      .filter(([name, rule]) => !isSaid(type, name) && isChanged(rule, name, node))
      .map(([name]) => name),
    ...Object.entries(otherDefaults[type] ?? {})
      .filter(([name, value]) => (node[name] ?? value) !== value)
      .map(([name]) => name),
  ];
  return names.length > 0 ? [`${label(node)} has settings that are not exported: ${names.join(', ')}`] : [];
}

function isSaid(type: string, name: string): boolean {
  const isTlsOfBroker = type === 'fp-mqtt-config' && name === 'tls';
  const isOfMode = type === 'fp-subscribe' && name === 'outputs';
  return isInFile(type, name) || references.includes(name) || isTlsOfBroker || isOfMode;
}

function isChanged(rule: Rule<unknown>, name: string, node: FlowNode): boolean {
  if (node[name] === undefined || mistakeIn(rule, name, {}) !== undefined) return false;
  if (mistakeIn(rule, name, node) !== undefined) return true;
  return JSON.stringify(rule(node[name], node)) !== JSON.stringify(rule(undefined, {}));
}

function hasTlsSecrets({ type, certType = 'files', credentials, ...tls }: FlowNode): boolean {
  const uploaded = ['certname', 'keyname', 'caname'].some((name) => Boolean(tls[name]));
  return type === 'tls-config' && (certType !== 'files' || uploaded || Boolean(credentials?.['passphrase']));
}

function tlsSecrets(tls: FlowNode): string {
  return `${label(tls)} keeps certificates or a passphrase in Node-RED: they are not exported`;
}

function label({ id, type, name, topic, queue_name, base_dir }: FlowNode): string {
  const words = [name, topic, queue_name, base_dir].find((text) => typeof text === 'string' && text !== '');
  return words === undefined ? `${type} ${id}` : `${words as string} (${type})`;
}
