import type { ExecutionMode, Qos, SubscriptionMode } from '../base/model.ts';

/** How one message of a subscription is run. */
export function executionMode(mode: SubscriptionMode, qos: Qos): ExecutionMode {
  if (mode !== 'mixed') return mode;
  return qos === 2 ? 'sync' : 'async';
}
