/** Our spans over OpenTelemetry's, and those of a trace that nobody records. */
import {
  type Context,
  defaultTextMapSetter,
  type Attributes as Given,
  type Span as Recorded,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from "@opentelemetry/api";
import { W3CTraceContextPropagator } from "@opentelemetry/core";
import { activate } from "./active.ts";
import { codeOf } from "./code.ts";
import { type About, type Attributes, type Carrier, NO_SPAN, type Span } from "./port.ts";

const KINDS = {
  internal: SpanKind.INTERNAL,
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
} as const;

const w3c = new W3CTraceContextPropagator();

/** `context` as the W3C headers; undefined when no trace is in it. */
export function carrierOf(context: Context): Carrier | undefined {
  const { traceparent, tracestate }: Record<string, string> = inject(context);
  return traceparent === undefined ? undefined : { traceparent, ...(tracestate ? { tracestate } : {}) };
}

function inject(context: Context): Record<string, string> {
  const headers: Record<string, string> = {};
  w3c.inject(context, headers, defaultTextMapSetter);
  return headers;
}

/** @param room asked before each span; false: it is not recorded */
export function openSpan(
  tracer: Tracer,
  above: Context,
  name: string,
  { kind = "internal", attributes = {} }: About,
  room: () => boolean,
): Span & { recorded: Recorded } {
  const options = { kind: KINDS[kind], attributes: known(attributes), startTime: Date.now() };
  const recorded = tracer.startSpan(name, options, above);
  const here = trace.setSpan(above, recorded);
  const span: Span & { recorded: Recorded } = {
    recorded,
    set: (more) => void recorded.setAttributes(known(more)),
    event: (event) => void recorded.addEvent(event, Date.now()),
    fail(code) {
      recorded.setStatus({ code: SpanStatusCode.ERROR });
      recorded.setAttribute("error.type", code);
    },
    end: () => recorded.end(Date.now()),
    within: (work) => activate(span, work),
    open: (below, about = {}) => (room() ? openSpan(tracer, here, below, about, room) : NO_SPAN),
    run: (below, about, work) => runIn(span.open(below, about), work),
    carrier: () => carrierOf(here),
  };
  return span;
}

async function runIn<T>(span: Span, work: (span: Span) => Promise<T>): Promise<T> {
  try {
    return await span.within(() => work(span));
  } catch (thrown) {
    span.fail(codeOf(thrown));
    throw thrown;
  } finally {
    span.end();
  }
}

function known(attributes: Attributes): Given {
  return Object.fromEntries(Object.entries(attributes).filter(([, value]) => value != null)) as Given;
}
