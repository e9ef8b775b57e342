/** Begins a trace for each request and message, and sends those that are recorded when they are complete. */
import {
  type Context,
  defaultTextMapGetter,
  ROOT_CONTEXT,
  type SpanContext,
  TraceFlags,
  trace,
} from "@opentelemetry/api";
import { W3CTraceContextPropagator } from "@opentelemetry/core";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { RandomIdGenerator, type ReadableSpan, type Sampler, TracerProvider } from "@opentelemetry/sdk-trace";
import { activate, activeOr } from "./active.ts";
import type { Export } from "./otlp.ts";
import { type Beginning, NO_SPAN, type Span, type Trace, type Tracing } from "./port.ts";
import { carrierOf, openSpan } from "./spans.ts";

export type TracingOptions = {
  service: string;
  sampler: Sampler;
  send: Export;
};

/** What one invocation may record; a bulk upload has a span for each of its thousands of statements. */
const MOST_SPANS = 1_000;
const LONGEST_VALUE = 300;
/** How long work that outlives the answer may hold back what is complete: the platform gives it 30 s in all. */
const PATIENCE_MS = 10_000;

const ids = new RandomIdGenerator();
const w3c = new W3CTraceContextPropagator();
const nothing = async () => undefined;

/** @param options absent: traces have ids, go on and are passed on, and nothing is recorded */
export function tracing(options?: TracingOptions): Tracing {
  const resource = options && resourceFromAttributes({ "service.name": options.service });
  return {
    begin(name, beginning) {
      const above = contextOf(beginning.from);
      if (!options || !resource) return quiet(above, beginning);
      const complete: ReadableSpan[] = [];
      const provider = new TracerProvider({
        resource,
        sampler: options.sampler,
        spanLimits: { attributeValueLengthLimit: LONGEST_VALUE },
        spanProcessors: [
          {
            onStart: nothing,
            onEnd: (span) => void complete.push(span),
            forceFlush: nothing,
            shutdown: nothing,
          },
        ],
      });
      let opened = 0;
      const room = () => ++opened < MOST_SPANS;
      const root = openSpan(provider.getTracer("kalamna"), above, name, beginning, room);
      if (!root.recorded.isRecording())
        return quiet(trace.setSpan(above, root.recorded), beginning, root.recorded.spanContext());
      const pending: Promise<unknown>[] = [];
      return {
        ...traceOf(root, root.recorded.spanContext(), (work) => {
          pending.push(work);
          beginning.waitUntil(work);
        }),
        rename: (other) => void root.recorded.updateName(other),
        end() {
          root.end();
          beginning.waitUntil(sendWhenDone(pending, complete, options.send));
        },
      };
    },
  };
}

function contextOf(from: Beginning["from"]): Context {
  return from?.traceparent === undefined
    ? ROOT_CONTEXT
    : w3c.extract(ROOT_CONTEXT, from, defaultTextMapGetter);
}

/** Ids for the log, and for those who are told whose trace this is: the caller's, when nothing is recorded in between. */
function quiet(context: Context, { waitUntil }: Beginning, own?: SpanContext): Trace {
  const known = own ?? trace.getSpanContext(context);
  const traceId = known?.traceId ?? ids.generateTraceId();
  const spanId = own?.spanId ?? ids.generateSpanId();
  const carrier = carrierOf(context) ?? { traceparent: `00-${traceId}-${spanId}-00` };
  const span: Span = { ...NO_SPAN, within: (work) => activate(span, work), carrier: () => carrier };
  return {
    ...traceOf(span, { traceId, spanId, traceFlags: TraceFlags.NONE }, waitUntil),
    run: NO_SPAN.run,
    rename: () => undefined,
    end: () => undefined,
  };
}

function traceOf(root: Span, { traceId, spanId, traceFlags }: SpanContext, waitUntil: Trace["waitUntil"]) {
  return {
    id: traceId,
    spanId,
    response: `00-${traceId}-${spanId}-0${traceFlags & TraceFlags.SAMPLED}`,
    set: root.set,
    fail: root.fail,
    within: root.within,
    run: ((name, about, work) => activeOr(root).run(name, about, work)) as Span["run"],
    waitUntil,
  };
}

/** What is complete leaves in one request; what takes longer than {@link PATIENCE_MS} in a second one. */
async function sendWhenDone(
  pending: readonly Promise<unknown>[],
  complete: ReadableSpan[],
  send: Export,
): Promise<void> {
  const settled = allOf(pending);
  const patience = Promise.withResolvers<void>();
  const timer = setTimeout(patience.resolve, PATIENCE_MS);
  await Promise.race([settled, patience.promise]);
  clearTimeout(timer);
  await send(complete.splice(0));
  await settled;
  if (complete.length > 0) await send(complete.splice(0));
}

/** What is waited for may ask for more. */
async function allOf(pending: readonly Promise<unknown>[]): Promise<void> {
  for (let known = -1; known !== pending.length; ) {
    known = pending.length;
    await Promise.allSettled(pending);
  }
}
