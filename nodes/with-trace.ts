import type { NodeMessage } from 'node-red';
import { headersOf, type TraceContext } from '../src/index.ts';

/**
 * Returns the message with the trace context in its user properties, which an mqtt out node publishes with MQTT 5
 * (https://w3c.github.io/trace-context-mqtt/). Other user properties stay.
 */
export function withTrace(msg: NodeMessage, trace: TraceContext | undefined): NodeMessage {
  if (trace === undefined) return msg;
  const { userProperties: given = {} } = msg as { userProperties?: unknown };
  const { traceparent, tracestate } = headersOf(trace);
  if (typeof given !== 'object' || traceparent === undefined) return msg;
  // That of an earlier trace does not belong to this one.
  const { tracestate: _earlier, ...others } = Object(given) as Record<string, unknown>;
  const userProperties = { ...others, traceparent, ...(tracestate !== undefined && { tracestate }) };
  return { ...msg, userProperties };
}
