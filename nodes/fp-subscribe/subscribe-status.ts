import type { NodeStatus } from 'node-red';
import type { Connection, SubscriptionCounter, SubscriptionState } from '../../src/index.ts';
import { connectionStatus, counted } from '../status.ts';

interface SubscriptionProgress {
  counter: Pick<SubscriptionCounter, 'messages' | 'errors' | 'dropped'>;
  /** Messages that have not settled for long, and who holds the first of them. */
  stuck: { count: number; holders: string[] };
  /** Why messages are tried again and again. */
  postponed?: string | undefined;
}

/** A subscription works when the broker is there and has granted the topic; then its counts are shown. */
export function subscribeStatus(
  connection: Connection,
  subscription: SubscriptionState,
  { counter: { messages, errors, dropped }, stuck, postponed }: SubscriptionProgress,
): NodeStatus {
  if (connection.state !== 'connected') return connectionStatus(connection);
  switch (subscription.state) {
    case 'pending':
      return { fill: 'yellow', shape: 'ring', text: 'subscribing' };
    case 'refused':
      return { fill: 'red', shape: 'ring', text: subscription.reason };
    case 'subscribed':
    default: {
      const parts = [`${messages} received`];
      if (errors > 0) parts.push(counted(errors, 'error'));
      if (dropped > 0) parts.push(`${dropped} dropped`);
      if (stuck.count > 0) parts.push(`${stuck.count} held by ${stuck.holders.join(', ')}`);
      if (postponed !== undefined) parts.push(`trying again: ${postponed}`);
      const isHeldUp = stuck.count > 0 || postponed !== undefined;
      return { fill: isHeldUp ? 'yellow' : 'green', shape: 'dot', text: parts.join(', ') };
    }
  }
}
