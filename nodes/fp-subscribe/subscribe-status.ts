import type { NodeStatus } from 'node-red';
import type { Connection, SubscriptionCounter, SubscriptionState } from '../../src/index.ts';
import type { HoldUp } from '../fp-mqtt-config/hold-ups.ts';
import type { Stuck } from '../running-deliveries.ts';
import { connectionStatus, counted, fitting, shortName } from '../status.ts';

interface SubscriptionProgress {
  counter: Pick<SubscriptionCounter, 'messages' | 'errors' | 'dropped'>;
  /** Messages that have not settled for long. */
  stuck?: Stuck | undefined;
  /** Why messages wait. */
  postponed?: string | undefined;
  /** The message that holds up all acknowledgements of the connection. */
  heldUpBy?: HoldUp | undefined;
}

/** Shows the counts if the broker is connected and has granted the topic; else what is missing. */
export function subscribeStatus(
  connection: Connection,
  subscription: SubscriptionState,
  { counter: { messages, errors, dropped }, stuck, postponed, heldUpBy }: SubscriptionProgress,
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
      const wait = postponed ?? heldWords(stuck, heldUpBy);
      // The reason of a wait first: it may need a person.
      if (wait !== undefined) return { fill: 'yellow', shape: 'dot', text: fitting([wait, ...parts]) };
      return { fill: 'green', shape: 'dot', text: fitting(parts) };
    }
  }
}

function heldWords(stuck: Stuck | undefined, heldUpBy: HoldUp | undefined): string | undefined {
  if (stuck && stuck.holders.length > 0) return `${stuck.count} held by ${names(stuck)}`;
  return heldUpBy && `held up by ${names(heldUpBy)}, behind ${heldUpBy.topic}`;
}

function names({ holders }: Pick<Stuck, 'holders'>): string {
  return holders.map(shortName).join(', ');
}
