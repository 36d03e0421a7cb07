import { rules as control } from './fp-control/properties.ts';
import { rules as enqueue } from './fp-enqueue/properties.ts';
import { rules as events } from './fp-events/properties.ts';
import { rules as job } from './fp-job/properties.ts';
import { rules as mqttConfig } from './fp-mqtt-config/properties.ts';
import { rules as pipeline } from './fp-pipeline/properties.ts';
import { rules as projectConfig } from './fp-project-config/properties.ts';
import { rules as queueConfig } from './fp-queue-config/properties.ts';
import { rules as schedule } from './fp-schedule/properties.ts';
import { rules as stats } from './fp-stats/properties.ts';
import { rules as subscribe } from './fp-subscribe/properties.ts';
import { rules as worker } from './fp-worker/properties.ts';
import { defaultOf, type Rules } from '../src/options/rule.ts';

/** The rules of this package's node types. */
export const allRules = {
  'fp-mqtt-config': mqttConfig,
  'fp-queue-config': queueConfig,
  'fp-project-config': projectConfig,
  'fp-subscribe': subscribe,
  'fp-enqueue': enqueue,
  'fp-worker': worker,
  'fp-pipeline': pipeline,
  'fp-job': job,
  'fp-schedule': schedule,
  'fp-stats': stats,
  'fp-control': control,
  'fp-events': events,
} satisfies Record<string, Rules>;

/** Returns the rules of a node type; empty for other packages' types. */
export function rulesOf(type: string): Rules {
  return (allRules as Record<string, Rules>)[type] ?? {};
}

/** Returns the field values of a new node by property: booleans, and text for all other types. */
export function fieldDefaults(type: string): Record<string, string | boolean> {
  return Object.fromEntries(
    Object.entries(rulesOf(type)).map(([name, rule]) => [name, field(defaultOf(rule))]),
  );
}

function field(value: unknown): string | boolean {
  return typeof value === 'boolean' ? value : `${(value as string | number | undefined) ?? ''}`;
}
