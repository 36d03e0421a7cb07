import type { ExplicitKeys } from '../../src/index.ts';
import { propertiesOf, propertyOf } from './file-keys.ts';
import type { FlowNode } from './flow-node.ts';

/** Returns the properties that a file sets, by ID of the nodes created from it. */
export function explicitProperties(nodes: FlowNode[], explicit: ExplicitKeys): Record<string, string[]> {
  const shared = [
    ...explicit.mqtt.flatMap((key) => propertiesOf('mqtt', key)),
    ...explicit.job_queue.flatMap((key) => propertiesOf('job_queue', key)),
    ...explicit.project.flatMap((key) => propertiesOf('', key)),
  ];
  const namesOf = (type: string) => shared.filter(([owner]) => owner === type).map(([, name]) => name);
  const subscriptions = nodes
    .filter(({ type }) => type === 'fp-subscribe')
    .map(({ id }, index): [string, string[]] => {
      const keys = explicit.subscriptions[index] ?? [];
      const names = keys.map((key) => propertyOf('subscriptions', key)[1]);
      // The outputs depend on the mode.
      return [id, names.includes('execution_mode') ? [...names, 'outputs'] : names];
    });
  return Object.fromEntries([
    ...nodes.map(({ id, type }): [string, string[]] => [id, namesOf(type)]),
    ...subscriptions,
  ]);
}
