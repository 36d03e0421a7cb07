import type { NodeStatus } from 'node-red';
import type { Connection, SubscriptionCounter, SubscriptionState } from '../../src/index.ts';
import { connectionStatus, counted } from '../status.ts';

/** A subscription works when the broker is there and has granted the topic; then its counts are shown. */
export function subscribeStatus(
  connection: Connection,
  subscription: SubscriptionState,
  { messages, errors }: Pick<SubscriptionCounter, 'messages' | 'errors'>,
): NodeStatus {
  if (connection.state !== 'connected') return connectionStatus(connection);
  switch (subscription.state) {
    case 'pending':
      return { fill: 'yellow', shape: 'ring', text: 'subscribing' };
    case 'refused':
      return { fill: 'red', shape: 'ring', text: subscription.reason };
    case 'subscribed':
    default: {
      const errorsToo = errors > 0 ? `, ${counted(errors, 'error')}` : '';
      return { fill: 'green', shape: 'dot', text: `${messages} received${errorsToo}` };
    }
  }
}
