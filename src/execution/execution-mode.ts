import type { ExecutionMode, Qos, SubscriptionMode } from '../model.ts';

/** How one message of a subscription is run: a queue that is switched off leaves only `sync`. */
export function executionMode(mode: SubscriptionMode, qos: Qos, queueEnabled: boolean): ExecutionMode {
  if (!queueEnabled) return 'sync';
  if (mode !== 'mixed') return mode;
  return qos === 2 ? 'sync' : 'async';
}
