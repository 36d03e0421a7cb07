import type { NodeStatus } from 'node-red';
import type { Connection, SubscriptionCounter, SubscriptionState } from '../../src/index.ts';
import { connectionStatus, counted } from '../status.ts';

/** A subscription works when the broker is there and has granted the topic; then its counts are shown. */
export function subscribeStatus(
  connection: Connection,
  subscription: SubscriptionState,
  { messages, errors, dropped }: Pick<SubscriptionCounter, 'messages' | 'errors' | 'dropped'>,
): NodeStatus {
  if (connection.state !== 'connected') return connectionStatus(connection);
  switch (subscription.state) {
    case 'pending':
      return { fill: 'yellow', shape: 'ring', text: 'subscribing' };
    case 'refused':
      return { fill: 'red', shape: 'ring', text: subscription.reason };
    case 'subscribed':
    default: {
      const parts = [
        `${messages} received`,
        ...(errors > 0 ? [counted(errors, 'error')] : []),
        ...(dropped > 0 ? [`${dropped} dropped`] : []),
      ];
      return { fill: 'green', shape: 'dot', text: parts.join(', ') };
    }
  }
}
