import type * as OpenTelemetry from '@opentelemetry/api';
import { SpanKind as BullSpanKind, type Telemetry } from 'bullmq';
import { loadLibrary } from '../base/load-library.ts';
import { headersOf, type NewSpan, type Span, type TraceContext, type Tracing } from '../base/tracing.ts';

type Api = typeof OpenTelemetry;

/** Name of this package in traces. */
const SCOPE = 'node-red-contrib-flowerpower-mqtt';

/**
 * Traces with OpenTelemetry. The user starts an SDK, which collects and exports the traces; without one, nothing is traced.
 *
 * @throws GiveUpError if `@opentelemetry/api` is not installed
 */
export function openTracing(): Tracing {
  const api = loadLibrary<Api>('@opentelemetry/api');
  const { context, trace } = api;
  const tracer = () => trace.getTracer(SCOPE);
  return {
    start({ name, kind, parent, attributes }: NewSpan): Span {
      const around = parent === undefined ? context.active() : read(api, parent);
      const spanKind = kind === 'consumer' ? api.SpanKind.CONSUMER : api.SpanKind.PRODUCER;
      const span = tracer().startSpan(name, { kind: spanKind, attributes }, around);
      return {
        context: write(api, trace.setSpan(around, span)),
        end(error) {
          if (error !== undefined) fail(api, span, error);
          span.end();
        },
      };
    },
    current: () => write(api, context.active()),
    telemetry: { tracer: bullTracer(api, tracer), contextManager: bullContexts(api) },
  };
}

function fail({ SpanStatusCode }: Api, span: OpenTelemetry.Span, error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  span.recordException(message);
  span.setStatus({ code: SpanStatusCode.ERROR, message });
}

function write({ propagation }: Api, context: OpenTelemetry.Context): TraceContext | undefined {
  const headers: Record<string, string> = {};
  propagation.inject(context, headers);
  return Object.keys(headers).length > 0 ? JSON.stringify(headers) : undefined;
}

function read({ propagation, ROOT_CONTEXT }: Api, written: TraceContext): OpenTelemetry.Context {
  return propagation.extract(ROOT_CONTEXT, headersOf(written));
}

function bullContexts(api: Api): Telemetry<OpenTelemetry.Context>['contextManager'] {
  return {
    with: (context, work) => api.context.with(context, work),
    active: () => api.context.active(),
    getMetadata: (context: OpenTelemetry.Context) => write(api, context) ?? '',
    fromMetadata: (_active, metadata) => read(api, metadata),
  };
}

/** BullMQ's spans: attempts, and what belongs to one. Leaves out those of its upkeep, which are many and have no parent. */
function bullTracer(
  api: Api,
  tracer: () => OpenTelemetry.Tracer,
): Telemetry<OpenTelemetry.Context>['tracer'] {
  const { trace, context, SpanKind, ROOT_CONTEXT } = api;
  return {
    startSpan(name, options, parent) {
      const isAttempt = options?.kind === BullSpanKind.CONSUMER;
      const kind = isAttempt ? SpanKind.CONSUMER : SpanKind.INTERNAL;
      const around = isAttempt ? (parent ?? ROOT_CONTEXT) : context.active();
      const isTraced = isAttempt || trace.getSpan(around) !== undefined;
      return bullSpan(api, isTraced ? tracer().startSpan(name, { kind }, around) : undefined);
    },
  };
}

type BullSpan = ReturnType<Telemetry<OpenTelemetry.Context>['tracer']['startSpan']>;

function bullSpan(api: Api, span: OpenTelemetry.Span | undefined): BullSpan {
  return {
    setSpanOnContext: (context) => (span ? api.trace.setSpan(context, span) : context),
    setAttribute: (key, value) => void span?.setAttribute(key, value),
    setAttributes: (attributes) => void span?.setAttributes(attributes),
    addEvent(name, attributes) {
      span?.addEvent(name, attributes);
      if (name === 'job failed') span?.setStatus({ code: api.SpanStatusCode.ERROR });
    },
    recordException: (exception) => span?.recordException(exception),
    end: () => span?.end(),
  };
}
