import type { Telemetry } from 'bullmq';

/** The W3C trace context of a message or a job: its headers `traceparent` and `tracestate` as JSON. */
export type TraceContext = string;

/** Returns the headers of a trace context; a job's context may come from anywhere. */
export function headersOf(trace: TraceContext): Record<string, unknown> {
  try {
    return Object(JSON.parse(trace)) as Record<string, unknown>;
  } catch {
    return {};
  }
}

/** A unit of work in a trace. */
export interface Span {
  /** For the work that follows. Undefined if the process collects no traces. */
  readonly context: TraceContext | undefined;
  end(error?: unknown): void;
}

export interface NewSpan {
  name: string;
  /** `consumer` takes a message, `producer` adds one. */
  kind: 'consumer' | 'producer';
  /** Default: the work that runs, if it is traced. */
  parent: TraceContext | undefined;
  attributes: Record<string, string | number>;
}

/** Traces messages and jobs. */
export interface Tracing {
  start(span: NewSpan): Span;
  /** Context of the work that runs; undefined if it is not traced. */
  current(): TraceContext | undefined;
  /** For BullMQ, which traces the attempts of a job. */
  readonly telemetry: Telemetry;
}

/** Ends a span with its work. */
export async function traced<T>(span: Span, work: () => Promise<T>): Promise<T> {
  try {
    const result = await work();
    span.end();
    return result;
  } catch (error) {
    span.end(error);
    throw error;
  }
}
