import type { Node, NodeMessage } from 'node-red';
import { BlockedError, type MessageContext, type ReceivedMessage } from '../../src/index.ts';
import type { RunningDeliveries } from '../running-deliveries.ts';
import type { Settlement } from '../settlement/settlement.ts';
import type { Properties } from '../properties.ts';
import { withTrace } from '../with-trace.ts';
import { outputFor } from './outputs.ts';
import type { rules } from './properties.ts';

interface FlowRunnerOptions {
  node: Node;
  properties: Properties<typeof rules>;
  settlement: Settlement;
  running: RunningDeliveries;
  /** Hears that a node on the message's way cannot take it. */
  onBlocked: (error: BlockedError) => void;
}

/** Gives the function that sends a message into the flow, and hears when it has settled there. */
export function flowRunner({ node, properties, settlement, running, onBlocked }: FlowRunnerOptions) {
  return async (message: ReceivedMessage, context: MessageContext): Promise<void> => {
    const output = outputFor(message.executionMode, properties);
    const unconnected = settlement.whyUnconnected(output);
    if (unconnected !== undefined) throw new BlockedError(unconnected);
    const send = (msg: NodeMessage) => node.send(output === 0 ? msg : [null, msg]);
    // A job gets the context of its attempt.
    const trace = message.executionMode === 'sync' ? context.trace : undefined;
    const delivery = settlement.deliver(withTrace({ ...message }, trace), send, { context, onBlocked });
    await running.track(delivery, properties.timeout * 1000);
  };
}
